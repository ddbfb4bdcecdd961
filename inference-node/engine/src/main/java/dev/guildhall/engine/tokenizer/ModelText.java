package dev.guildhall.engine.tokenizer;

import java.io.IOException;
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
        TextSource source = TextSource.of(model);
        Tokenizer tokenizer = source.tokenizer();
        return new ModelText(tokenizer, source.chatTemplate(tokenizer));
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
