package dev.guildhall.indexer.embed;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotBlank;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * The embedding model and how patiently it is asked.
 *
 * @param model its name behind the endpoint; another name means that everything is embedded anew
 * @param dimensions length of its vectors, which is the length of the column that holds them
 * @param queryPrefix put before a search text, for models that were trained with one
 * @param batchSize most texts of one request
 * @param waitFirst pause after the first failure of a request while indexing; it doubles with each further one
 * @param waitMax longest pause between two attempts
 * @param patience how long a request is repeated while the model is loading or busy
 * @param queryTimeout a search does not wait longer for its vector: it goes on with words alone
 */
@Validated
@ConfigurationProperties(prefix = "guildhall.indexer.embed", ignoreUnknownFields = false)
public record EmbedSettings(
        @NotBlank String model,
        @DefaultValue("384") @Min(1) @Max(4_000) int dimensions,
        @DefaultValue("") String queryPrefix,
        @DefaultValue("16") @Min(1) @Max(2_048) int batchSize,
        @DefaultValue("500ms") Duration waitFirst,
        @DefaultValue("20s") Duration waitMax,
        @DefaultValue("15m") Duration patience,
        @DefaultValue("5s") Duration queryTimeout) {}
