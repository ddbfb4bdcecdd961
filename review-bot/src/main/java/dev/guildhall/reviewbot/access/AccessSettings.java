package dev.guildhall.reviewbot.access;

import jakarta.validation.constraints.NotBlank;
import java.net.URI;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.validation.annotation.Validated;

/**
 * Whose tokens count.
 *
 * @param issuer the realm's address, as it stands in the tokens
 * @param audience what a token must be meant for
 */
@Validated
@ConfigurationProperties(prefix = "guildhall.access", ignoreUnknownFields = false)
record AccessSettings(URI issuer, @NotBlank String audience) {}
