package dev.guildhall.reviewbot.reviewer.model;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotBlank;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * Which model is asked, and how much of its time one review may have.
 *
 * @param name as the inference node's catalogue names it
 * @param promptTokensMax of one question; text is counted as a token for each three characters
 * @param answerTokensMax of one answer
 * @param contextTokensMax of the index's code in one question
 * @param callsMax questions in one review, without the second check
 * @param timeMax for all questions of one review, second check included
 * @param linesPerFileMax changed lines of one file that the model reads
 * @param secondChecksMax findings that are checked a second time; what is beyond is kept unchecked
 * @param patience how long to wait for a model that is away or busy before a review fails
 */
@Validated
@ConfigurationProperties(prefix = "guildhall.model", ignoreUnknownFields = false)
record ModelSettings(
        @DefaultValue("qwen2.5-coder-1.5b") @NotBlank String name,
        @DefaultValue("1200") @Min(600) @Max(100_000) int promptTokensMax,
        @DefaultValue("320") @Min(50) @Max(8_000) int answerTokensMax,
        @DefaultValue("200") @Min(0) @Max(50_000) int contextTokensMax,
        @DefaultValue("40") @Min(1) @Max(1_000) int callsMax,
        @DefaultValue("10m") Duration timeMax,
        @DefaultValue("400") @Min(1) @Max(100_000) int linesPerFileMax,
        @DefaultValue("10") @Min(0) @Max(100) int secondChecksMax,
        @DefaultValue("2m") Duration patience) {}
