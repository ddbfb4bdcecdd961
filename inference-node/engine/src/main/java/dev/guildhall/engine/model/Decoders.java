package dev.guildhall.engine.model;

import dev.guildhall.engine.format.ModelFile;
import dev.guildhall.engine.kernel.Kernels;
import dev.guildhall.engine.tensor.KeyValueType;
import java.io.IOException;
import java.nio.file.Path;

/** Where decoders come from. */
public final class Decoders {

    private Decoders() {}

    /**
     * Loads a model.
     *
     * @param path a GGUF file, or a directory with config.json and safetensors files
     * @param threads that compute, the caller's among them
     * @throws dev.guildhall.engine.format.ModelFormatException when the file is broken, or is of a model that the engine
     *     does not run
     * @throws MemoryLimitException when it does not fit
     */
    public static Decoder load(Path path, Backend backend, int threads) throws IOException {
        ModelFile file = ModelFile.open(path);
        try {
            ModelConfig config = ModelConfig.of(file);
            TensorPlan.of(config, file).check(file);
            ModelSummary.requireRoom(file, backend, 0, KeyValueType.F32);
            Kernels kernels = backend.kernels(threads);
            try {
                return new TransformerDecoder(
                        config, Weights.load(file, config, kernels, backend), kernels, file.mapping());
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
