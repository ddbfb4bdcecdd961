package dev.guildhall.engine.model;

import dev.guildhall.engine.format.ModelFile;
import dev.guildhall.engine.kernel.Kernels;
import dev.guildhall.engine.tensor.KeyValueType;
import java.io.IOException;
import java.nio.file.Path;

/** Where decoders come from. */
public final class Decoders {

    /** From here on, what loading leaves behind, the file's own description too, is collected at once: nothing else would do it before the heap is full. */
    private static final long COLLECTED_BYTES_MIN = 64L << 20;

    private Decoders() {}

    /** Loads a model for which no room for keys and values is asked. */
    public static Decoder load(Path path, Backend backend, int threads) throws IOException {
        return load(path, backend, threads, 0, KeyValueType.F32);
    }

    /**
     * Loads a model.
     *
     * @param path a GGUF file, or a directory with config.json and safetensors files
     * @param threads that compute, the caller's among them
     * @param tokens whose keys and values, of {@code cacheType}, must fit beside the weights
     * @throws dev.guildhall.engine.format.ModelFormatException when the file is broken, or is of a model that the engine
     *     does not run
     * @throws MemoryLimitException when it does not fit; nothing was loaded
     */
    public static Decoder load(Path path, Backend backend, int threads, long tokens, KeyValueType cacheType)
            throws IOException {
        return collected(decoder(path, backend, threads, tokens, cacheType, true), backend);
    }

    /**
     * Loads a model of which only states are wanted, as embeddings are: the matrix that makes logits of them, which has a row for each
     * token of the vocabulary, is left out.
     */
    public static Decoder loadForStates(Path path, Backend backend, int threads) throws IOException {
        return collected(decoder(path, backend, threads, 0, KeyValueType.F32, false), backend);
    }

    private static Decoder collected(Decoder decoder, Backend backend) {
        if (backend == Backend.VECTOR && decoder.weightBytes() >= COLLECTED_BYTES_MIN) {
            System.gc();
        }
        return decoder;
    }

    private static Decoder decoder(
            Path path, Backend backend, int threads, long tokens, KeyValueType cacheType, boolean logits)
            throws IOException {
        ModelFile file = ModelFile.open(path);
        try {
            ModelConfig config = ModelConfig.of(file);
            TensorPlan.of(config, file).check(file);
            ModelSummary.requireRoom(file, backend, tokens, cacheType);
            Kernels kernels = backend.kernels(threads);
            try {
                Weights weights = Weights.load(file, config, kernels, backend, logits);
                return new TransformerDecoder(config, weights, kernels, file.mapping());
            } catch (Throwable failure) {
                kernels.close();
                throw failure;
            }
        } catch (Throwable failure) {
            file.close();
            throw failure;
        }
    }
}
