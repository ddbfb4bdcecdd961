package dev.guildhall.indexer.chunk;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * How files are cut.
 *
 * @param tokensMax estimated tokens of a chunk with its scope; the embedding model takes 512 and refuses more
 * @param parseTimeMax a file whose parsing takes longer is cut as text
 */
@Validated
@ConfigurationProperties(prefix = "guildhall.indexer.chunk", ignoreUnknownFields = false)
public record ChunkSettings(
        @DefaultValue("420") @Min(100) @Max(8_000) int tokensMax,
        @DefaultValue("2s") Duration parseTimeMax) {}
