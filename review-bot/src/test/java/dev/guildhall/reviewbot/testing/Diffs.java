package dev.guildhall.reviewbot.testing;

import dev.guildhall.contract.review.ReviewedFile.Change;
import dev.guildhall.reviewbot.policy.Depth;
import dev.guildhall.reviewbot.pullrequest.FileDiff;
import dev.guildhall.reviewbot.pullrequest.Hunk;
import dev.guildhall.reviewbot.pullrequest.Line;
import dev.guildhall.reviewbot.reviewer.Assignment;
import dev.guildhall.reviewbot.reviewer.ChangedFile;
import java.util.ArrayList;
import java.util.List;

/** Changes for tests that need no repository. */
public final class Diffs {

    private Diffs() {}

    /** A new file with the given text. */
    public static FileDiff added(String path, String text) {
        List<Line> lines = new ArrayList<>();
        text.lines().forEach(line -> lines.add(Line.added(lines.size() + 1, line)));
        return new FileDiff(
                0,
                path,
                null,
                Change.ADDED,
                lines.size(),
                0,
                new FileDiff.Content.Text(List.of(new Hunk(0, 0, 1, lines.size(), lines)), 0));
    }

    /** A new file that all reviewers read. */
    public static ChangedFile addedFile(String path, String text) {
        return new ChangedFile(added(path, text), text, Depth.MODEL);
    }

    public static Assignment assignment(ChangedFile... files) {
        return new Assignment("Change", "", List.of(files), List.of(), "");
    }
}
