package dev.guildhall.platform.webhook;

import jakarta.validation.constraints.Min;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.util.unit.DataSize;
import org.springframework.validation.annotation.Validated;

/**
 * Limits of the webhook intake.
 *
 * @param bodyMax largest body that is taken
 * @param bodiesInMemoryMax bodies of all deliveries that are being read at one time
 * @param answerWithin longest time to an answer, whatever is away
 * @param atOnceMax deliveries that hold a database connection at one time
 * @param deliveriesKept how long a delivery's id is remembered
 */
@Validated
@ConfigurationProperties(prefix = "guildhall.webhook", ignoreUnknownFields = false)
record WebhookSettings(
        DataSize bodyMax,
        DataSize bodiesInMemoryMax,
        Duration answerWithin,
        @Min(1) int atOnceMax,
        Duration deliveriesKept) {

    WebhookSettings {
        if (bodyMax.toBytes() < 1 || bodyMax.toBytes() > Integer.MAX_VALUE / 2) {
            throw new IllegalArgumentException(
                    "guildhall.webhook.body-max is %s, allowed are 1B to 1GB".formatted(bodyMax));
        }
        if (bodiesInMemoryMax.compareTo(bodyMax) < 0) {
            throw new IllegalArgumentException(
                    "guildhall.webhook.bodies-in-memory-max is %s, below body-max %s: raise it"
                            .formatted(bodiesInMemoryMax, bodyMax));
        }
    }
}
