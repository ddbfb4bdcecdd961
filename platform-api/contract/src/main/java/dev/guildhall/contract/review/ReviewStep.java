package dev.guildhall.contract.review;

import com.fasterxml.jackson.annotation.JsonProperty;

/**
 * One step of a review's run.
 *
 * @param name what is done
 * @param state how it stands
 * @param detail for people: {@code src/Refund.java, 2 of 5 files}; what went wrong where it failed
 * @param elapsedMillis from the step's start
 */
public record ReviewStep(Name name, State state, String detail, long elapsedMillis) {

    /** The steps in their order. */
    public enum Name {
        @JsonProperty("queued")
        QUEUED,
        @JsonProperty("read-diff")
        READ_DIFF,
        @JsonProperty("find-context")
        FIND_CONTEXT,
        @JsonProperty("analyze")
        ANALYZE,
        @JsonProperty("ask-model")
        ASK_MODEL,
        @JsonProperty("second-check")
        SECOND_CHECK,
        @JsonProperty("publish")
        PUBLISH
    }

    /** How a step stands. */
    public enum State {
        @JsonProperty("running")
        RUNNING,
        @JsonProperty("completed")
        COMPLETED,
        @JsonProperty("skipped")
        SKIPPED,
        @JsonProperty("failed")
        FAILED
    }
}
