package dev.guildhall.engine.model;

import dev.guildhall.engine.format.ModelFile;
import dev.guildhall.engine.format.ModelFormatException;
import dev.guildhall.engine.kernel.VectorKernels;
import dev.guildhall.engine.tensor.KeyValueType;
import dev.guildhall.engine.tensor.Tensor;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a model is and what it takes, told from its shape: a config.json alone is enough for all but the weights.
 *
 * @param parameters numbers that were trained
 * @param activeParameters of these, what one token goes through, both embedding tables included
 * @param tensorTypes how many tensors are of each type; empty for a config.json
 * @param weightBytes of the tensors; 0 for a config.json
 */
public record ModelSummary(
        ModelConfig config, long parameters, long activeParameters, Map<String, Integer> tensorTypes, long weightBytes) {

    /** Activations, vocabulary and the virtual machine itself, roughly. */
    public static final long WORKING_BYTES = 512L << 20;

    /** @throws ModelFormatException when it is of a model that the engine does not run */
    public static ModelSummary of(ModelFile file) throws ModelFormatException {
        ModelConfig config = ModelConfig.of(file);
        long parameters = 0;
        for (var shape : TensorPlan.of(config, file).required().values()) {
            parameters += shape.stream().reduce(1L, Math::multiplyExact);
        }
        if (!config.tiedEmbeddings()) {
            parameters += (long) config.hiddenSize() * config.vocabularySize();
        }
        Map<String, Integer> types = new TreeMap<>();
        long bytes = 0;
        for (Tensor tensor : file.tensors().values()) {
            types.merge(tensor.type().name(), 1, Integer::sum);
            bytes += tensor.data().byteSize();
        }
        return new ModelSummary(config, parameters, parameters - idle(config), types, bytes);
    }

    /** Parameters of the experts that a token does not go to. */
    private static long idle(ModelConfig config) {
        long idle = 0;
        for (int layer = 0; layer < config.layers(); layer++) {
            Experts experts = config.experts(layer);
            if (experts != null) {
                idle += 3L * (experts.count() - experts.perToken()) * experts.size() * config.hiddenSize();
            }
        }
        return idle;
    }

    /** What the cache takes for each token. */
    public static long cacheBytes(ModelConfig config, KeyValueType type) {
        return config.layers() * type.bytes(config.attention().cache());
    }

    public long cacheBytesPerToken(KeyValueType type) {
        return cacheBytes(config, type);
    }

    /**
     * Refuses to load what will not fit, before anything of it is loaded.
     *
     * @param tokens that the cache must hold
     * @throws MemoryLimitException with the numbers
     */
    public static void requireRoom(ModelFile file, Backend backend, long tokens, KeyValueType type) throws MemoryLimitException, ModelFormatException {
        requireRoom(file, backend, tokens, type, Runtime.getRuntime().maxMemory(), AvailableMemory.bytes());
    }

    static void requireRoom(
            ModelFile file, Backend backend, long tokens, KeyValueType type, long heapMax, long available)
            throws MemoryLimitException, ModelFormatException {
        long weights = 0;
        if (backend == Backend.VECTOR) {
            for (Tensor tensor : file.tensors().values()) {
                // Of an embedding table that is not the output matrix too, rows are read from the file.
                if (!tensor.name().equals("token_embd.weight") || file.tiedEmbeddings()) {
                    weights += VectorKernels.bytes(tensor);
                }
            }
        }
        long cache = tokens * cacheBytes(ModelConfig.of(file), type);
        if (weights + cache > heapMax || weights + cache > available) {
            throw new MemoryLimitException(file.path(), weights, cache, tokens, heapMax, available);
        }
    }
}
