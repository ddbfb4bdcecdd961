package dev.guildhall.inference.catalogue;

import dev.guildhall.engine.conversion.Quantization;
import dev.guildhall.engine.format.ModelFile;
import dev.guildhall.engine.format.ModelFormatException;
import dev.guildhall.engine.model.ModelConfig;
import dev.guildhall.engine.model.ModelSummary;
import dev.guildhall.engine.model.WeightCheck;
import dev.guildhall.engine.tensor.KeyValueType;
import dev.guildhall.engine.tensor.TensorType;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What {@code model info} says of a file, a directory or a config.json. */
final class ModelDescription {

    /** What a model that is only a config.json could be packed into. */
    private static final List<TensorType> TYPES =
            List.of(TensorType.BF16, TensorType.Q8_0, TensorType.Q4_K, TensorType.Q4_0);

    private ModelDescription() {}

    /**
     * Adds what the file says.
     *
     * @param context tokens of each user; 0 for the model's own
     * @throws ModelFormatException when it is broken, or is of a model that the engine does not run
     */
    static void put(
            Path path, int context, int users, boolean check, long availableBytes, Map<String, Object> description)
            throws IOException {
        try (ModelFile file = ModelFile.open(path)) {
            ModelSummary summary = ModelSummary.of(file);
            if (check) {
                WeightCheck.check(file);
            }
            ModelConfig config = summary.config();
            description.put("displayName", config.name());
            description.put("architecture", file.metadata().get("general.architecture"));
            description.put("contextTokens", config.contextLength());
            description.put("layers", config.layers());
            description.put("parameters", summary.parameters());
            description.put("activeParameters", summary.activeParameters());
            if (!summary.tensorTypes().isEmpty()) {
                description.put("tensorTypes", summary.tensorTypes());
            }
            Map<String, Object> weights = new LinkedHashMap<>();
            if (summary.weightBytes() > 0) {
                weights.put("file", summary.weightBytes());
            } else {
                TYPES.forEach(type -> weights.put(word(type), Quantization.bytes(config, type)));
            }
            description.put("weightBytes", weights);
            long tokens = (long) users * (context == 0 ? config.contextLength() : context);
            description.put("cachedTokens", tokens);
            Map<String, Object> cache = new LinkedHashMap<>();
            for (KeyValueType type : KeyValueType.values()) {
                cache.put(word(type), tokens * summary.cacheBytesPerToken(type));
            }
            description.put("cacheBytes", cache);
            Map<String, Object> memory = new LinkedHashMap<>();
            Map<String, Object> fits = new LinkedHashMap<>();
            weights.forEach((weightType, weightBytes) -> cache.forEach((cacheType, cacheBytes) -> {
                String both = "%s weights, %s cache".formatted(weightType, cacheType);
                long bytes = (long) weightBytes + (long) cacheBytes + ModelSummary.WORKING_BYTES;
                memory.put(both, bytes);
                fits.put(both, bytes <= availableBytes);
            }));
            description.put("memoryBytes", memory);
            description.put("availableBytes", availableBytes);
            description.put("fits", fits);
            if (check) {
                description.put("checked", true);
            }
        }
    }

    private static String word(Enum<?> type) {
        return type.name().toLowerCase(Locale.ROOT);
    }

    /** For people: a line for each field, and one for each way to run the model. */
    static String text(Map<String, Object> description) {
        StringBuilder text = new StringBuilder();
        description.forEach((key, value) -> {
            if (key.equals("fits")) {
                return;
            }
            if (value instanceof Map<?, ?> sizes && key.endsWith("Bytes")) {
                sizes.forEach((name, bytes) -> text.append("%-16s %-24s %12s%s%n"
                        .formatted(key, name, Sizes.human((Long) bytes), remark(description, key, name))));
            } else if (value instanceof Long bytes && key.equals("availableBytes")) {
                text.append("%-16s %s%n".formatted(key, Sizes.human(bytes)));
            } else {
                String plain = key.toLowerCase(Locale.ROOT).contains("parameters")
                        ? "%,d".formatted((Long) value)
                        : String.valueOf(value);
                text.append("%-16s %s%n".formatted(key, plain));
            }
        });
        return text.toString().stripTrailing();
    }

    private static String remark(Map<String, Object> description, String key, Object name) {
        if (!key.equals("memoryBytes") || !(description.get("fits") instanceof Map<?, ?> fits)) {
            return "";
        }
        return Boolean.TRUE.equals(fits.get(name)) ? "  fits" : "  does not fit";
    }
}
