package dev.guildhall.engine.tokenizer;

import dev.guildhall.engine.format.GgufFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * How a model reads and writes text.
 *
 * @param chatTemplate how it wants conversations written, if its files say so
 */
public record ModelText(Tokenizer tokenizer, Optional<ChatTemplate> chatTemplate) {

    /** Reads it from a GGUF file or a directory of the hub. */
    public static ModelText load(Path model) throws IOException {
        if (Files.isDirectory(model)) {
            Tokenizer tokenizer = Tokenizer.fromHub(model);
            return new ModelText(tokenizer, ChatTemplate.fromHub(model, tokenizer));
        }
        try (GgufFile file = GgufFile.open(model)) {
            Tokenizer tokenizer = Tokenizer.fromGguf(model, file.metadata());
            return new ModelText(tokenizer, ChatTemplate.fromGguf(model, file.metadata(), tokenizer));
        }
    }

    /**
     * What a GGUF file says of the text of a directory of the hub: vocabulary and chat template.
     *
     * @throws dev.guildhall.engine.format.ModelFormatException when it has no words for it
     */
    public static Map<String, Object> ggufMetadata(Path directory) throws IOException {
        return HubVocabulary.ggufMetadata(directory);
    }
}
