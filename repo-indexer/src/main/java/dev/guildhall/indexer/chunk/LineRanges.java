package dev.guildhall.indexer.chunk;

import java.util.ArrayList;
import java.util.List;
import java.util.function.IntUnaryOperator;

/** The lines of a file, measured in estimated tokens, and how to cut too long a run of them. */
final class LineRanges {

    /** Depth of a line where nothing begins: the last choice for a cut. */
    static final int NO_BOUNDARY = Integer.MAX_VALUE;

    private final List<String> lines;
    private final int[] tokensBefore;

    LineRanges(String text) {
        this.lines = text.lines().toList();
        this.tokensBefore = new int[lines.size() + 1];
        for (int line = 0; line < lines.size(); line++) {
            tokensBefore[line + 1] = tokensBefore[line] + TokenEstimate.of(lines.get(line));
        }
    }

    int count() {
        return lines.size();
    }

    String line(int line) {
        return lines.get(line);
    }

    boolean isBlank(int line) {
        return lines.get(line).isBlank();
    }

    int tokens(Range range) {
        return tokensBefore[range.endLine() + 1] - tokensBefore[range.startLine()];
    }

    String text(Range range) {
        return String.join("\n", lines.subList(range.startLine(), range.endLine() + 1));
    }

    /** The range without blank lines at its ends. */
    Range trimmed(Range range) {
        int start = range.startLine();
        int end = range.endLine();
        while (start < end && isBlank(start)) {
            start++;
        }
        while (end > start && isBlank(end)) {
            end--;
        }
        return new Range(start, end);
    }

    /**
     * Cuts {@code range} so that each part fits {@code tokensMax}, if its lines allow.
     *
     * <p>Each cut is made where the shallowest boundary lies among the lines that would fill at least a third of a
     * part, the last of several equals; so a long function falls apart between its outermost statements.
     *
     * @param boundaryDepth for a line, how deep the thing is nested that begins on it, or {@link #NO_BOUNDARY}
     */
    List<Range> cut(Range range, int tokensMax, IntUnaryOperator boundaryDepth) {
        List<Range> parts = new ArrayList<>();
        int start = range.startLine();
        while (start <= range.endLine()) {
            Range rest = new Range(start, range.endLine());
            if (tokens(rest) <= tokensMax) {
                parts.add(rest);
                break;
            }
            int cutLine = start + 1;
            int depthBest = NO_BOUNDARY;
            for (int line = start + 1; line <= range.endLine(); line++) {
                int tokens = tokens(new Range(start, line - 1));
                if (tokens > tokensMax) {
                    break;
                }
                int depth = boundaryDepth.applyAsInt(line);
                if (depth <= depthBest || tokens < tokensMax / 3) {
                    depthBest = tokens < tokensMax / 3 ? NO_BOUNDARY : depth;
                    cutLine = line;
                }
            }
            parts.add(new Range(start, Math.min(cutLine, range.endLine() + 1) - 1));
            start = cutLine;
        }
        return parts;
    }

    /** Lines from 0, both ends inclusive. */
    record Range(int startLine, int endLine) {

        Range {
            if (startLine < 0 || endLine < startLine) {
                throw new IllegalArgumentException("lines %d to %d are no range".formatted(startLine, endLine));
            }
        }

        Range through(Range other) {
            return new Range(Math.min(startLine, other.startLine), Math.max(endLine, other.endLine));
        }
    }
}
