package dev.guildhall.reviewbot.reviewer.analysis;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * Limits of the analyzers.
 *
 * @param fileTimeMax longest analysis of one file; the first one of a process also loads the rules
 */
@Validated
@ConfigurationProperties(prefix = "guildhall.analysis", ignoreUnknownFields = false)
record AnalysisSettings(@DefaultValue("60s") Duration fileTimeMax) {}
