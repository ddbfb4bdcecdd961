package dev.guildhall.engine.conversion;

import dev.guildhall.engine.format.ConfigFile;
import dev.guildhall.engine.format.GgufFile;
import dev.guildhall.engine.model.ModelConfig;
import dev.guildhall.engine.model.TensorPlan;
import dev.guildhall.engine.tensor.TensorType;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * A model of any shape with random weights: what it takes and how fast it runs can be measured without the real one. Its
 * answers mean nothing.
 *
 * <p>Weights are normally distributed with a deviation of {@code 1 / sqrt(columns)}, so that numbers keep their size from layer to
 * layer. Rows are put together from pieces of one pool of packed blocks for each type and width, from a random place each:
 * packing every weight of a large model would take hours.
 */
public final class RandomModel {

    private static final int POOL_ELEMENTS = 1 << 20;

    /** No two rows are made of the same pieces, or the output would have ties. */
    private static final int PIECE_ELEMENTS = 256;

    private RandomModel() {}

    /**
     * Writes a GGUF file.
     *
     * @param config a config.json as the hub has it
     * @param tokenizerFrom a GGUF file with a vocabulary that fits, or none for one of single bytes and pairs of them
     */
    public static void write(
            Path config, TensorType type, long seed, @Nullable Path tokenizerFrom, Path out, Progress progress)
            throws IOException {
        try (ConfigFile file = ConfigFile.open(config)) {
            ModelConfig shape = ModelConfig.of(file);
            Map<String, Object> metadata = new LinkedHashMap<>(GgufMetadata.of(file, type));
            metadata.putAll(
                    tokenizerFrom == null
                            ? ByteVocabulary.metadata(shape.vocabularySize())
                            : tokenizer(tokenizerFrom, shape.vocabularySize()));
            Map<String, List<Long>> plan =
                    new LinkedHashMap<>(TensorPlan.of(shape, true, true).required());
            if (!shape.tiedEmbeddings()) {
                plan.put("output.weight", plan.get("token_embd.weight"));
            }
            List<NewTensor> tensors = new ArrayList<>();
            Pools pools = new Pools(seed);
            file.tensors()
                    .values()
                    .forEach(tensor -> tensors.add(SourceRows.of(tensor).copy()));
            plan.forEach((name, dimensions) -> tensors.add(
                    pools.tensor(name, TypeChoice.of(type, name, dimensions, shape.tiedEmbeddings()), dimensions)));
            ModelOutput.write(out, metadata, tensors, progress);
        }
    }

    private static Map<String, Object> tokenizer(Path from, int vocabularySize) throws IOException {
        try (GgufFile file = GgufFile.open(from)) {
            Map<String, Object> metadata = new LinkedHashMap<>(file.metadata());
            metadata.keySet().removeIf(key -> !key.startsWith("tokenizer."));
            int tokens = metadata.get("tokenizer.ggml.tokens") instanceof List<?> list ? list.size() : 0;
            if (tokens == 0 || tokens > vocabularySize) {
                throw new ConversionException("%s has a vocabulary of %,d tokens, the model one of %,d: it does not fit"
                        .formatted(from, tokens, vocabularySize));
            }
            return metadata;
        }
    }

    /** Packed random rows, made when they are first needed. */
    private static final class Pools {

        private record Key(TensorType type, long columns) {}

        private final long seed;
        private final Map<Key, byte[]> pools = new HashMap<>();

        Pools(long seed) {
            this.seed = seed;
        }

        NewTensor tensor(String name, TensorType type, List<Long> shape) {
            if (name.endsWith("_norm.weight")) {
                return constant(name, shape, 1);
            }
            if (name.endsWith(".bias")) {
                return constant(name, shape, 0);
            }
            int rowBytes = Math.toIntExact(type.bytes(shape.getFirst()));
            int pieceBytes = Math.toIntExact(type.bytes(PIECE_ELEMENTS));
            return new NewTensor(name, type, shape, (first, count, out) -> {
                byte[] pool = pool(type, shape.getFirst());
                int places = (pool.length - pieceBytes) / type.blockBytes() + 1;
                for (int row = 0; row < count; row++) {
                    // The same numbers whichever thread asks for the row.
                    long state = mix(seed + 31L * name.hashCode()) + first + row;
                    for (int piece = 0; piece < rowBytes; piece += pieceBytes) {
                        int place = (int) Long.remainderUnsigned(mix(mix(state) + piece), places);
                        System.arraycopy(
                                pool,
                                place * type.blockBytes(),
                                out,
                                row * rowBytes + piece,
                                Math.min(pieceBytes, rowBytes - piece));
                    }
                }
            });
        }

        private static NewTensor constant(String name, List<Long> shape, float value) {
            return new NewTensor(name, TensorType.F32, shape, (_, count, out) -> {
                float[] values = new float[] {value};
                for (int i = 0; i < count * shape.getFirst(); i++) {
                    BlockEncoder.of(TensorType.F32).encode(values, 0, out, 4 * i);
                }
            });
        }

        private synchronized byte[] pool(TensorType type, long columns) {
            return pools.computeIfAbsent(new Key(type, columns), key -> {
                int blocks = POOL_ELEMENTS / type.blockElements();
                Random random = new Random(seed ^ key.hashCode());
                float[] values = new float[type.blockElements()];
                byte[] pool = new byte[blocks * type.blockBytes()];
                double deviation = 1 / Math.sqrt((double) columns);
                BlockEncoder encoder = BlockEncoder.of(type);
                for (int block = 0; block < blocks; block++) {
                    for (int i = 0; i < values.length; i++) {
                        values[i] = (float) (random.nextGaussian() * deviation);
                    }
                    encoder.encode(values, 0, pool, block * type.blockBytes());
                }
                return pool;
            });
        }

        /** The finalizer of SplitMix64. */
        private static long mix(long value) {
            long mixed = (value ^ value >>> 30) * 0xbf58476d1ce4e5b9L;
            mixed = (mixed ^ mixed >>> 27) * 0x94d049bb133111ebL;
            return mixed ^ mixed >>> 31;
        }
    }
}
