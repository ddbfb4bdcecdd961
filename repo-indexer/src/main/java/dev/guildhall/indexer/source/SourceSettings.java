package dev.guildhall.indexer.source;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.nio.file.Path;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;
import org.springframework.validation.annotation.Validated;

/**
 * Where mirrors live and how much of a repository is read.
 *
 * @param mirrors directory of the mirrors; belongs to this service alone
 * @param silenceMax a remote that says nothing for so long has failed
 * @param fetchMax a fetch that takes longer has failed
 * @param mirrorSizeMax a mirror that grows past this is refused
 * @param fileSizeMax larger files are skipped and counted
 * @param filesMax a commit with more files to index is refused
 */
@Validated
@ConfigurationProperties(prefix = "guildhall.indexer.source", ignoreUnknownFields = false)
public record SourceSettings(
        Path mirrors,
        @DefaultValue("60s") Duration silenceMax,
        @DefaultValue("30m") Duration fetchMax,
        @DefaultValue("20GB") DataSize mirrorSizeMax,
        @DefaultValue("512KB") DataSize fileSizeMax,
        @DefaultValue("100000") @Min(1) @Max(5_000_000) int filesMax) {}
