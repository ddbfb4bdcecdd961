package dev.guildhall.engine.conversion;

import dev.guildhall.engine.model.ModelConfig;
import dev.guildhall.engine.tensor.Tensor;
import dev.guildhall.engine.tensor.TensorType;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;

/**
 * Makes a mixture of experts of a dense model: each expert is a copy of the feed-forward block, and a random router spreads
 * tokens over them. The weights of the chosen ones sum to 1, so that the mixture answers as the dense model does until it is
 * trained further.
 */
public final class Upcycling {

    /** Experts of a model, and those that one token goes to. */
    public record Mixture(int experts, int perToken) {

        private static final int EXPERTS_MAX = 1 << 10;

        public Mixture {
            if (experts < 1 || experts > EXPERTS_MAX || perToken < 1 || perToken > experts) {
                throw new ConversionException("%d of %d experts for each token are not possible; experts are 1 to %d"
                        .formatted(perToken, experts, EXPERTS_MAX));
            }
        }
    }

    private static final Map<String, String> ARCHITECTURES = Map.of("qwen2", "qwen2moe", "qwen3", "qwen3moe");

    /** Rows and columns of the shared expert that Qwen2's mixtures have: as few as fill a block of the K types. */
    private static final int SHARED_SIZE = 256;

    private final SourceModel source;
    private final Mixture mixture;
    private final Random random;
    private final List<NewTensor> tensors = new ArrayList<>();

    private Upcycling(SourceModel source, Mixture mixture, long seed) {
        this.source = source;
        this.mixture = mixture;
        this.random = new Random(seed);
    }

    /**
     * Writes a GGUF file.
     *
     * @param in a dense model of Qwen2.5 or Qwen3: a GGUF file, or a directory with config.json and safetensors files
     * @param seed of the routers
     */
    public static void write(Path in, Mixture mixture, long seed, Path out, Progress progress) throws IOException {
        try (SourceModel source = SourceModel.open(in)) {
            new Upcycling(source, mixture, seed).write(out, progress);
        }
    }

    private void write(Path out, Progress progress) throws IOException {
        String dense = String.valueOf(source.file().metadata().get("general.architecture"));
        String architecture = ARCHITECTURES.get(dense);
        if (architecture == null) {
            throw new ConversionException("%s is a %s model; a mixture can be made of qwen2 and qwen3"
                    .formatted(source.file().path(), dense));
        }
        boolean sharedExpert = architecture.equals("qwen2moe");
        source.tensors().values().forEach(rows -> add(rows, sharedExpert));
        ModelOutput.write(out, metadata(dense, architecture, sharedExpert), tensors, progress);
    }

    private void add(SourceRows rows, boolean sharedExpert) {
        String name = rows.name();
        String block = name.substring(0, name.lastIndexOf("ffn_") < 0 ? 0 : name.lastIndexOf("ffn_"));
        switch (name.substring(block.length())) {
            case "ffn_gate.weight" -> {
                addRouter(block);
                addExperts(rows, block + "ffn_gate");
                if (sharedExpert) {
                    addSharedExpert(block, rows.type());
                }
            }
            case "ffn_up.weight" -> addExperts(rows, block + "ffn_up");
            case "ffn_down.weight" -> addExperts(rows, block + "ffn_down");
            default -> tensors.add(rows.copy());
        }
    }

    private void addRouter(String block) {
        int hidden = source.config().hiddenSize();
        float[] weights = new float[hidden * mixture.experts];
        for (int i = 0; i < weights.length; i++) {
            weights[i] = (float) (random.nextGaussian() / Math.sqrt(hidden));
        }
        tensors.add(SourceRows.of(Tensor.ofFloats(block + "ffn_gate_inp.weight", weights, hidden, mixture.experts))
                .copy());
    }

    private void addExperts(SourceRows rows, String name) {
        tensors.add(SourceRows.stack(
                        name + "_exps.weight",
                        Collections.nCopies(mixture.experts, rows.parts().getFirst()))
                .copy());
    }

    /** It gives nothing, since what it would write out is zero, but it can be trained. */
    private void addSharedExpert(String block, TensorType type) {
        ModelConfig config = source.config();
        long hidden = config.hiddenSize();
        long size = sharedSize();
        tensors.add(SourceRows.of(Tensor.ofFloats(block + "ffn_gate_inp_shexp.weight", new float[(int) hidden], hidden))
                .copy());
        for (String part : List.of("ffn_gate", "ffn_up")) {
            Tensor first = Objects.requireNonNull(source.tensors().get(block + part + ".weight"))
                    .parts()
                    .getFirst();
            tensors.add(SourceRows.of(new Tensor(
                            block + part + "_shexp.weight",
                            first.type(),
                            List.of(hidden, size),
                            first.data().asSlice(0, size * first.rowBytes())))
                    .copy());
        }
        byte[] zeros = new byte[Math.toIntExact(type.bytes(hidden * size))];
        tensors.add(SourceRows.of(new Tensor(
                        block + "ffn_down_shexp.weight", type, List.of(size, hidden), MemorySegment.ofArray(zeros)))
                .copy());
    }

    private long sharedSize() {
        return Math.min(SHARED_SIZE, source.config().feedForwardSize());
    }

    private Map<String, Object> metadata(String dense, String architecture, boolean sharedExpert) throws IOException {
        Map<String, Object> metadata = new LinkedHashMap<>();
        TensorType type = tensors.stream()
                .filter(tensor -> tensor.entry().name().contains("_exps"))
                .findFirst()
                .orElseThrow()
                .entry()
                .type();
        GgufMetadata.of(source.file(), type)
                .forEach((key, value) -> metadata.put(
                        key.startsWith(dense + ".") ? architecture + key.substring(dense.length()) : key, value));
        metadata.put("general.architecture", architecture);
        metadata.put(architecture + ".expert_count", (long) mixture.experts);
        metadata.put(architecture + ".expert_used_count", (long) mixture.perToken);
        metadata.put(architecture + ".expert_feed_forward_length", (long)
                source.config().feedForwardSize());
        metadata.put(architecture + ".expert_weights_norm", true);
        if (sharedExpert) {
            metadata.put(architecture + ".expert_shared_feed_forward_length", sharedSize());
        }
        return metadata;
    }
}
