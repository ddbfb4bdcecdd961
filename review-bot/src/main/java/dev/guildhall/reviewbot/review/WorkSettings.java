package dev.guildhall.reviewbot.review;

import jakarta.validation.constraints.AssertTrue;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * How reviews are worked off.
 *
 * @param reviewsAtOnce reviews that run side by side in this process
 * @param pollInterval between two looks for work that another process left
 * @param heartbeat between two signs of life
 * @param lease how long a claim holds without a sign of life
 * @param timeMax longest run of one review
 * @param runsMax how often an attempt is taken up again after it was cut off
 * @param findingsMax most findings of one review, unless the repository's policy says less
 * @param eventsKept how long taken events are remembered, against redelivery
 */
@Validated
@ConfigurationProperties(prefix = "guildhall.work", ignoreUnknownFields = false)
record WorkSettings(
        @DefaultValue("1") @Min(1) @Max(64) int reviewsAtOnce,
        @DefaultValue("1s") Duration pollInterval,
        @DefaultValue("5s") Duration heartbeat,
        @DefaultValue("20s") Duration lease,
        @DefaultValue("30m") Duration timeMax,
        @DefaultValue("3") @Min(1) @Max(100) int runsMax,
        @DefaultValue("10") @Min(1) @Max(100) int findingsMax,
        @DefaultValue("30d") Duration eventsKept) {

    @AssertTrue(message = "lease must be at least twice the heartbeat")
    boolean isLeaseLongEnough() {
        return lease.compareTo(heartbeat.multipliedBy(2)) >= 0;
    }
}
