package dev.guildhall.reviewbot.reviewer;

import java.util.List;
import java.util.Map;

/**
 * What a reviewer found and what it read.
 *
 * @param unread why files were not read, or not in full, by the file's index; absent for files that were
 * @param contextChunks pieces of the index that were put before a model
 */
public record Report(
        List<Observation> observations,
        int observationsDropped,
        Map<Integer, Shortfall> unread,
        ModelUsage usage,
        int contextChunks,
        String summary) {

    public Report {
        observations = List.copyOf(observations);
        unread = Map.copyOf(unread);
    }

    /** What a reviewer without a model reports, having read everything. */
    public static Report of(List<Observation> observations, String summary) {
        return new Report(observations, 0, Map.of(), ModelUsage.NONE, 0, summary);
    }

    /**
     * A file that was not read in full.
     *
     * @param partly whether some of it was read
     * @param reason for people
     */
    public record Shortfall(boolean partly, String reason) {}
}
