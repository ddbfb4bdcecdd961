package dev.guildhall.reviewbot.forge.git;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * How plain git is read.
 *
 * @param timeout longest silence of a remote
 * @param renameCandidatesMax added and deleted files that are compared with each other in search of renames
 */
@Validated
@ConfigurationProperties(prefix = "guildhall.git", ignoreUnknownFields = false)
record GitSettings(
        @DefaultValue("60s") Duration timeout,
        @DefaultValue("400") @Min(0) @Max(10_000) int renameCandidatesMax) {}
