package dev.guildhall.reviewbot.reviewer;

import dev.guildhall.reviewbot.policy.Depth;
import dev.guildhall.reviewbot.pullrequest.FileDiff;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/**
 * A file that reviewers are to read.
 *
 * @param text the whole file at head; empty for a deleted file
 */
public record ChangedFile(FileDiff diff, String text, Depth depth) {

    /** The same file with each line passed through {@code change}. */
    public ChangedFile mapLines(UnaryOperator<String> change) {
        return new ChangedFile(diff.mapText(change), text.lines().map(change).collect(Collectors.joining("\n")), depth);
    }
}
