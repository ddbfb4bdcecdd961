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
 * @param model the one that is built in, or the path of Qwen3-Embedding: a {@code .gguf} file, or a directory of the hub
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
                regexp = BgeSmallEmbedder.NAME + "|.+\\.gguf|.*/.*",
                message = "is not an embedding model of this node; there is " + BgeSmallEmbedder.NAME
                        + ", or the path of Qwen3-Embedding: a .gguf file, or a directory of the hub")
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
            message =
                    "guildhall.embedding.model (GUILDHALL_EMBEDDING_MODEL) is the path of a file or directory that is not there")
    boolean isModelThere() {
        if (model.endsWith(".gguf")) {
            return Files.isRegularFile(Path.of(model));
        }
        return !model.contains("/") || Files.isRegularFile(Path.of(model, "config.json"));
    }

    /** What requests call the model: of a path, the name of the directory, or the file's without its ending. */
    String modelName() {
        if (isBuiltIn()) {
            return model;
        }
        String file = String.valueOf(Path.of(model).normalize().getFileName());
        return file.endsWith(".gguf") ? file.substring(0, file.length() - ".gguf".length()) : file;
    }
}
