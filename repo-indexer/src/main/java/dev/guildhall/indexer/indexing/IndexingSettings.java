package dev.guildhall.indexer.indexing;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * How index runs are worked off.
 *
 * @param workers repositories that are indexed at the same time
 * @param pollInterval longest wait until work is noticed that another process queued
 * @param attemptsMax how often a run is repeated that failed for a passing reason
 * @param retryWaitFirst pause before the first repetition; it doubles with each further one
 * @param retryWaitMax longest pause between repetitions
 * @param progressInterval shortest time between two reports of one run
 * @param unusedContentKept how long a content that no branch holds any more stays, in case it comes back
 */
@Validated
@ConfigurationProperties(prefix = "guildhall.indexer.indexing", ignoreUnknownFields = false)
public record IndexingSettings(
        @DefaultValue("2") @Min(1) @Max(64) int workers,
        @DefaultValue("2s") Duration pollInterval,
        @DefaultValue("8") @Min(1) @Max(1_000) int attemptsMax,
        @DefaultValue("5s") Duration retryWaitFirst,
        @DefaultValue("10m") Duration retryWaitMax,
        @DefaultValue("1s") Duration progressInterval,
        @DefaultValue("1d") Duration unusedContentKept) {}
