package dev.guildhall.indexer.search;

import jakarta.validation.constraints.DecimalMax;
import jakarta.validation.constraints.DecimalMin;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * How answers are found.
 *
 * @param candidates what each way of searching may contribute before fusion
 * @param distanceMax cosine distance beyond which nothing counts as alike
 * @param snippetsMax changed pieces of one change that are compared with the index
 * @param symbolsMax symbols of one change that are looked up
 */
@Validated
@ConfigurationProperties(prefix = "guildhall.indexer.search", ignoreUnknownFields = false)
public record SearchSettings(
        @DefaultValue("60") @Min(1) @Max(1_000) int candidates,

        @DefaultValue("0.6") @DecimalMin("0") @DecimalMax("2")
        double distanceMax,

        @DefaultValue("6") @Min(0) @Max(100) int snippetsMax,
        @DefaultValue("40") @Min(0) @Max(1_000) int symbolsMax) {}
