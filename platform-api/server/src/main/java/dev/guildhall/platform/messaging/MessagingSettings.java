package dev.guildhall.platform.messaging;

import jakarta.validation.constraints.Min;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.validation.annotation.Validated;

/**
 * How events travel.
 *
 * @param publishPatience longest wait for Kafka's acknowledgement
 * @param topicReplication copies of each topic that is created
 * @param consumedEventsKept how long the id of a consumed event is remembered
 */
@Validated
@ConfigurationProperties(prefix = "guildhall.messaging", ignoreUnknownFields = false)
record MessagingSettings(Duration publishPatience, @Min(1) short topicReplication, Duration consumedEventsKept) {}
