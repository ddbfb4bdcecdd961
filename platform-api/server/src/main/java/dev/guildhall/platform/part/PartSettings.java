package dev.guildhall.platform.part;

import jakarta.validation.constraints.Pattern;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.validation.annotation.Validated;

/**
 * Where the other services are.
 *
 * @param healthPatience longest wait for one part's health
 */
@Validated
@ConfigurationProperties(prefix = "guildhall.part", ignoreUnknownFields = false)
record PartSettings(
        @Pattern(regexp = URL, message = "must be an http or https URL: set GUILDHALL_INDEXER_URL")
        String indexerUrl,

        @Pattern(regexp = URL, message = "must be an http or https URL: set GUILDHALL_REVIEW_BOT_URL")
        String reviewBotUrl,

        @Pattern(regexp = URL, message = "must be an http or https URL: set GUILDHALL_INFERENCE_URL")
        String inferenceUrl,

        Duration healthPatience) {

    private static final String URL = "https?://\\S+";
}
