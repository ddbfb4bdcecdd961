package dev.guildhall.reviewbot.context;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * How much the index is asked for.
 *
 * @param chunksMax pieces of code for a whole review
 * @param symbolsMax identifiers in one question
 * @param snippetsMax changed passages in one question
 */
@Validated
@ConfigurationProperties(prefix = "guildhall.context", ignoreUnknownFields = false)
record ContextSettings(
        @DefaultValue("20") @Min(1) @Max(100) int chunksMax,
        @DefaultValue("40") @Min(1) @Max(200) int symbolsMax,
        @DefaultValue("4") @Min(0) @Max(20) int snippetsMax) {}
