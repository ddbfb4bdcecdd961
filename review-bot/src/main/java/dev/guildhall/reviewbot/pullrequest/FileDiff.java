package dev.guildhall.reviewbot.pullrequest;

import dev.guildhall.contract.Languages;
import dev.guildhall.contract.review.ReviewedFile.Change;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What the change does to one file.
 *
 * @param index place in the diff, from 0
 * @param path new path; the old one for a deleted file
 * @param oldPath where it differs from {@code path}
 */
public record FileDiff(
        int index,
        String path,
        @Nullable String oldPath,
        Change change,
        int linesAdded,
        int linesRemoved,
        Content content) {

    /** What can be said about the file's content. */
    public sealed interface Content {

        /**
         * Lines that changed.
         *
         * @param undecodableLines lines with bytes that are not UTF-8, read as U+FFFD
         */
        record Text(List<Hunk> hunks, int undecodableLines) implements Content {
            public Text {
                hunks = List.copyOf(hunks);
            }
        }

        /** No lines: the reason says why, for people. */
        record Unread(String reason) implements Content {}
    }

    /** The hunks; none where the content was not read. */
    public List<Hunk> hunks() {
        return switch (content) {
            case Content.Text text -> text.hunks();
            case Content.Unread _ -> List.of();
        };
    }

    /** All lines of all hunks in their order. */
    public Stream<Line> lines() {
        return hunks().stream().flatMap(hunk -> hunk.lines().stream());
    }

    public Stream<Line> addedLines() {
        return lines().filter(line -> line.kind() == Line.Kind.ADDED);
    }

    public String language() {
        return Languages.of(path);
    }

    /** The same diff with every line's text passed through {@code change}, which keeps it one line. */
    public FileDiff mapText(UnaryOperator<String> change) {
        return switch (content) {
            case Content.Unread _ -> this;
            case Content.Text text ->
                new FileDiff(
                        index,
                        path,
                        oldPath,
                        this.change,
                        linesAdded,
                        linesRemoved,
                        new Content.Text(
                                text.hunks().stream()
                                        .map(hunk -> new Hunk(
                                                hunk.oldStart(),
                                                hunk.oldCount(),
                                                hunk.newStart(),
                                                hunk.newCount(),
                                                hunk.lines().stream()
                                                        .map(line -> line.withText(change.apply(line.text())))
                                                        .toList()))
                                        .toList(),
                                text.undecodableLines()));
        };
    }
}
