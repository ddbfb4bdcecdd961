package dev.guildhall.reviewbot.forge;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;
import org.springframework.validation.annotation.Validated;

/**
 * How much of a change is read. What is over a limit is named in the review.
 *
 * @param filesMax files whose content is read
 * @param filesListedMax files that are listed at all
 * @param fileSizeMax size of one file, on either side
 * @param totalSizeMax size of all files that are read, both sides together
 * @param contextLines unchanged lines around a change
 */
@Validated
@ConfigurationProperties(prefix = "guildhall.diff", ignoreUnknownFields = false)
public record DiffLimits(
        @DefaultValue("300") @Min(1) @Max(100_000) int filesMax,
        @DefaultValue("2000") @Min(1) @Max(5_000) int filesListedMax,
        @DefaultValue("2MB") DataSize fileSizeMax,
        @DefaultValue("64MB") DataSize totalSizeMax,
        @DefaultValue("3") @Min(0) @Max(100) int contextLines) {}
