package dev.guildhall.inference.embedding;

import jakarta.validation.constraints.AssertTrue;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.Pattern;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * How texts are embedded.
 *
 * @param model the one that is built in, or the path of a {@code .gguf} file of Qwen3-Embedding
 * @param threads for one text; no more than there are processors
 * @param tokensMax of one text, for models out of a file; each takes memory while the text is read
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
                regexp = BgeSmallEmbedder.NAME + "|.+\\.gguf",
                message = "is not an embedding model of this node; there is " + BgeSmallEmbedder.NAME
                        + ", or the path of a .gguf file of Qwen3-Embedding")
        String model,

        @DefaultValue("2") @Min(1) @Max(64) int threads,
        @DefaultValue("8192") @Min(16) @Max(1_048_576) int tokensMax,
        @DefaultValue("256") @Min(1) @Max(4096) int inputsMax,
        @DefaultValue("32768") @Min(1) @Max(1_048_576) int inputCharactersMax,
        @DefaultValue("60s") Duration waitMax,
        Path nativeDirectory) {

    boolean isBuiltIn() {
        return model.equals(BgeSmallEmbedder.NAME);
    }

    @AssertTrue(
            message = "guildhall.embedding.model (GUILDHALL_EMBEDDING_MODEL) is the path of a file that is not there")
    boolean isModelThere() {
        return !model.endsWith(".gguf") || Files.isRegularFile(Path.of(model));
    }

    /** What requests call the model: of a path, the file's name without its ending. */
    String modelName() {
        String file = model.substring(model.lastIndexOf('/') + 1);
        return file.endsWith(".gguf") ? file.substring(0, file.length() - ".gguf".length()) : file;
    }
}
