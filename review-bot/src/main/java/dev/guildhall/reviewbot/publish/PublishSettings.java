package dev.guildhall.reviewbot.publish;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;
import org.springframework.validation.annotation.Validated;

/**
 * How outcomes leave this service.
 *
 * @param patchSizeMax of one file; a larger one is not kept for showing
 * @param interval between two looks for unsent events
 * @param batch most events of one look
 * @param sentKept how long sent events stay for an admin to look at
 */
@Validated
@ConfigurationProperties(prefix = "guildhall.publish", ignoreUnknownFields = false)
record PublishSettings(
        @DefaultValue("512KB") DataSize patchSizeMax,
        @DefaultValue("250ms") Duration interval,
        @DefaultValue("200") @Min(1) @Max(10_000) int batch,
        @DefaultValue("7d") Duration sentKept) {}
