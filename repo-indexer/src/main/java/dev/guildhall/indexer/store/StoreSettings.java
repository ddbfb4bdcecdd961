package dev.guildhall.indexer.store;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/** @param searchEffort candidates that the vector index keeps while it searches (pgvector's ef_search): more finds better, slower */
@Validated
@ConfigurationProperties(prefix = "guildhall.indexer.store", ignoreUnknownFields = false)
public record StoreSettings(
        @DefaultValue("100") @Min(1) @Max(1_000) int searchEffort) {}
