package dev.guildhall.engine.tokenizer;

import dev.guildhall.engine.format.GgufFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** Where a model says what it does with text: the metadata of a GGUF file, or small files in a directory of the hub. */
public sealed interface TextSource permits HubFiles, Metadata {

    /** Finds it in a GGUF file or a directory of the hub. */
    static TextSource of(Path model) throws IOException {
        if (Files.isDirectory(model)) {
            return new HubFiles(model);
        }
        try (GgufFile file = GgufFile.open(model)) {
            return new Metadata(model, file.metadata());
        }
    }

    Tokenizer tokenizer() throws IOException;

    /** How the model wants conversations written, if it says so. */
    Optional<ChatTemplate> chatTemplate(Tokenizer tokenizer) throws IOException;

    /**
     * Refuses a model whose vector of a text is not the last token's state. One that does not say is taken.
     *
     * @throws dev.guildhall.engine.format.ModelFormatException when it is another
     */
    void requireLastTokenPooling() throws IOException;
}
