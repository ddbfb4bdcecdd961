package dev.guildhall.reviewbot.pullrequest;

import java.util.List;

/**
 * A run of changed lines with the lines around them.
 *
 * @param oldStart first line on the old side, from 1; the line before the hunk where {@code oldCount} is 0
 * @param newStart first line on the new side, from 1; the line before the hunk where {@code newCount} is 0
 */
public record Hunk(int oldStart, int oldCount, int newStart, int newCount, List<Line> lines) {

    public Hunk {
        lines = List.copyOf(lines);
    }

    /** The head of the hunk in a unified diff. */
    public String header() {
        return "@@ -%d,%d +%d,%d @@".formatted(oldStart, oldCount, newStart, newCount);
    }
}
