package dev.guildhall.inference.embedding;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.Pattern;
import java.nio.file.Path;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * How texts are embedded.
 *
 * @param model the one that is built in
 * @param threads for one text; no more than there are processors
 * @param inputsMax texts of one request
 * @param inputCharactersMax length of one text
 * @param waitMax longest wait of a text for its turn
 * @param nativeDirectory where the tokenizer's native library is unpacked to; only this service may write there
 */
@Validated
@ConfigurationProperties(prefix = "guildhall.embedding", ignoreUnknownFields = false)
record EmbeddingSettings(
        @DefaultValue(BgeSmallEmbedder.NAME)
        @Pattern(
                regexp = BgeSmallEmbedder.NAME,
                message = "is not an embedding model of this node; there is " + BgeSmallEmbedder.NAME)
        String model,

        @DefaultValue("2") @Min(1) @Max(64) int threads,
        @DefaultValue("256") @Min(1) @Max(4096) int inputsMax,
        @DefaultValue("32768") @Min(1) @Max(1_048_576) int inputCharactersMax,
        @DefaultValue("60s") Duration waitMax,
        Path nativeDirectory) {}
