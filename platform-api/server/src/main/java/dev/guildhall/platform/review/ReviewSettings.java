package dev.guildhall.platform.review;

import jakarta.validation.constraints.Min;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.validation.annotation.Validated;

/**
 * @param streamsMax live streams that are open at once
 * @param heartbeat longest silence on a stream
 * @param streamLifetime after which a stream ends and the reader connects anew, still signed in or not
 */
@Validated
@ConfigurationProperties(prefix = "guildhall.review", ignoreUnknownFields = false)
record ReviewSettings(@Min(1) int streamsMax, Duration heartbeat, Duration streamLifetime) {}
