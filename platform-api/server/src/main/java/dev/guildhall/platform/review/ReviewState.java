package dev.guildhall.platform.review;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.Locale;

/** Where a review stands. */
public enum ReviewState {
    /** Handed to the review bot, which has not begun. */
    @JsonProperty("queued")
    QUEUED,
    @JsonProperty("running")
    RUNNING,
    @JsonProperty("completed")
    COMPLETED,
    /** Ended with a reason; can be run again. */
    @JsonProperty("failed")
    FAILED;

    /** True where the run is over. */
    public boolean isEnd() {
        return this == COMPLETED || this == FAILED;
    }

    /** As the API and the database spell it. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    static ReviewState of(String word) {
        return valueOf(word.toUpperCase(Locale.ROOT));
    }
}
