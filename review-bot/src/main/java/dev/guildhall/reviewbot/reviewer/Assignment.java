package dev.guildhall.reviewbot.reviewer;

import dev.guildhall.contract.search.ContextAnswer;
import java.util.List;

/**
 * What reviewers get to read.
 *
 * @param context what the index holds beside the change, best first
 * @param instructions what the repository's policy adds for the model; may be empty
 */
public record Assignment(
        String title,
        String description,
        List<ChangedFile> files,
        List<ContextAnswer.Item> context,
        String instructions) {

    public Assignment {
        files = List.copyOf(files);
        context = List.copyOf(context);
    }
}
