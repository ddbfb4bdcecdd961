package dev.guildhall.engine.format;

import dev.guildhall.engine.tensor.Tensor;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * A model on disk, in GGUF's words: its metadata, and its tensors as views of what is mapped. Tensors are valid until
 * {@link #close}.
 */
public sealed interface ModelFile extends AutoCloseable permits ConfigFile, GgufFile, SafetensorsModel {

    /**
     * Opens a GGUF file, a directory with config.json and safetensors files, or a config.json alone, and checks all that it says
     * about itself.
     *
     * @throws ModelFormatException when it is not one that the engine can read
     */
    static ModelFile open(Path path) throws IOException {
        if (Files.isDirectory(path)) {
            return SafetensorsModel.open(path);
        }
        return path.toString().endsWith(".json") ? ConfigFile.open(path) : GgufFile.open(path);
    }

    Path path();

    /**
     * Everything that is said about the model. A value is a {@link String}, {@link Long}, {@link Double}, {@link Boolean},
     * or a {@link java.util.List} of one of these; it stays valid after {@link #close}.
     */
    Map<String, Object> metadata();

    /** By name, in the file's order. */
    Map<String, Tensor> tensors();

    default Optional<Tensor> tensor(String name) {
        return Optional.ofNullable(tensors().get(name));
    }

    /** Whether the embedding table is the output matrix too. */
    default boolean tiedEmbeddings() {
        return tensor("output.weight").isEmpty();
    }

    /** Whether the rows of q and k are in the order in which the halves of a head turn together, whatever the family. */
    boolean rotatesHalves();

    /**
     * What the tensors live in; closing it closes the file. A model that runs for weeks keeps this alone, since the metadata
     * holds the vocabulary as hundreds of thousands of strings.
     */
    Arena mapping();

    @Override
    void close();
}
