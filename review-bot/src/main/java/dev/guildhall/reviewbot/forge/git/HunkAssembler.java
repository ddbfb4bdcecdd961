package dev.guildhall.reviewbot.forge.git;

import dev.guildhall.reviewbot.pullrequest.Hunk;
import dev.guildhall.reviewbot.pullrequest.Line;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.eclipse.jgit.diff.DiffAlgorithm;
import org.eclipse.jgit.diff.Edit;
import org.eclipse.jgit.diff.EditList;
import org.eclipse.jgit.diff.HistogramDiff;
import org.eclipse.jgit.diff.RawText;
import org.eclipse.jgit.diff.RawTextComparator;
import org.jspecify.annotations.Nullable;

/** Compares two versions of a text and puts neighbouring edits, with the lines around them, into hunks. */
final class HunkAssembler {

    /** Above this many lines on both sides together the exact but quadratic comparison is left out. */
    private static final int EXACT_LINES_MAX = 10_000;

    private final RawText oldText;
    private final RawText newText;
    private final int contextLines;
    private int undecodableLines;
    private int linesAdded;
    private int linesRemoved;

    HunkAssembler(byte[] oldBytes, byte[] newBytes, int contextLines) {
        this.oldText = new RawText(oldBytes);
        this.newText = new RawText(newBytes);
        this.contextLines = contextLines;
    }

    List<Hunk> assemble() {
        EditList edits = algorithm().diff(RawTextComparator.DEFAULT, oldText, newText);
        List<Hunk> hunks = new ArrayList<>();
        int first = 0;
        while (first < edits.size()) {
            int last = first;
            while (last + 1 < edits.size()
                    && edits.get(last + 1).getBeginA() - edits.get(last).getEndA() <= 2 * contextLines) {
                last++;
            }
            hunks.add(hunk(edits.subList(first, last + 1)));
            first = last + 1;
        }
        return hunks;
    }

    int undecodableLines() {
        return undecodableLines;
    }

    int linesAdded() {
        return linesAdded;
    }

    int linesRemoved() {
        return linesRemoved;
    }

    private DiffAlgorithm algorithm() {
        HistogramDiff algorithm = new HistogramDiff();
        if (oldText.size() + newText.size() > EXACT_LINES_MAX) {
            algorithm.setFallbackAlgorithm(noFallback());
        }
        return algorithm;
    }

    /** JGit takes null for "replace the region as a whole", which its signature does not say. */
    @SuppressWarnings("NullAway")
    private static DiffAlgorithm noFallback() {
        @Nullable DiffAlgorithm none = null;
        return none;
    }

    private Hunk hunk(List<Edit> edits) {
        int oldBegin = Math.max(0, edits.getFirst().getBeginA() - contextLines);
        int newBegin = Math.max(0, edits.getFirst().getBeginB() - contextLines);
        int oldEnd = Math.min(oldText.size(), edits.getLast().getEndA() + contextLines);
        List<Line> lines = new ArrayList<>();
        int oldIndex = oldBegin;
        int newIndex = newBegin;
        for (Edit edit : edits) {
            while (oldIndex < edit.getBeginA()) {
                lines.add(Line.context(++oldIndex, ++newIndex, decode(newText, newIndex - 1)));
            }
            while (oldIndex < edit.getEndA()) {
                lines.add(Line.removed(oldIndex + 1, decode(oldText, oldIndex)));
                oldIndex++;
                linesRemoved++;
            }
            while (newIndex < edit.getEndB()) {
                lines.add(Line.added(newIndex + 1, decode(newText, newIndex)));
                newIndex++;
                linesAdded++;
            }
        }
        while (oldIndex < oldEnd) {
            lines.add(Line.context(++oldIndex, ++newIndex, decode(newText, newIndex - 1)));
        }
        int oldCount = oldIndex - oldBegin;
        int newCount = newIndex - newBegin;
        return new Hunk(
                oldCount == 0 ? oldBegin : oldBegin + 1,
                oldCount,
                newCount == 0 ? newBegin : newBegin + 1,
                newCount,
                lines);
    }

    private String decode(RawText text, int index) {
        ByteBuffer raw = text.getRawString(index);
        byte[] bytes = new byte[raw.remaining()];
        raw.get(bytes);
        String line = decode(bytes);
        if (line.indexOf('\uFFFD') >= 0) {
            undecodableLines++;
        }
        return line.endsWith("\r") ? line.substring(0, line.length() - 1) : line;
    }

    /** Text of any bytes: what is not UTF-8, and NUL, which no database text takes, becomes U+FFFD. */
    static String decode(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8).replace('\0', '\uFFFD');
    }
}
