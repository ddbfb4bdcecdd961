package dev.guildhall.engine.conversion;

import dev.guildhall.engine.format.ModelFile;
import dev.guildhall.engine.format.SafetensorsModel;
import dev.guildhall.engine.tensor.TensorType;
import dev.guildhall.engine.tokenizer.ModelText;
import java.io.IOException;
import java.nio.file.Files;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

/** What a GGUF file says about a model, made from what another file says. */
final class GgufMetadata {

    private static final long QUANTIZATION_VERSION = 2;

    private GgufMetadata() {}

    static Map<String, Object> of(ModelFile file, TensorType type) throws IOException {
        Map<String, Object> metadata = new LinkedHashMap<>(file.metadata());
        if (Files.exists(file.path().resolve("tokenizer.json"))) {
            metadata.putAll(ModelText.ggufMetadata(file.path()));
        }
        String architecture = String.valueOf(metadata.get("general.architecture"));
        putYarn(file, architecture, metadata);
        // Readers that find no size of values take hidden/heads for it.
        String attention = architecture + ".attention.";
        Object keySize = metadata.get(attention + "key_length");
        if (keySize != null) {
            metadata.putIfAbsent(attention + "value_length", keySize);
        }
        metadata.put("general.file_type", fileType(type));
        metadata.put("general.quantization_version", QUANTIZATION_VERSION);
        return metadata;
    }

    /** What config.json says of YaRN and GGUF's keys say otherwise, or cannot say. */
    private static void putYarn(ModelFile file, String architecture, Map<String, Object> metadata) {
        boolean truncated = !Boolean.FALSE.equals(metadata.remove(SafetensorsModel.YARN_TRUNCATED));
        Object scale = metadata.remove(SafetensorsModel.YARN_SCALE);
        Object scaleOfAll = metadata.remove(SafetensorsModel.YARN_SCALE_ALL);
        if (metadata.remove(SafetensorsModel.ATTENTION_FACTOR) != null
                || !truncated
                || !Objects.equals(scale, scaleOfAll)) {
            throw new ConversionException(
                    "%s: its YaRN has an attention_factor, truncate false, or another mscale than mscale_all_dim; GGUF has no keys for these"
                            .formatted(file.path()));
        }
        if (scale instanceof Double number) {
            metadata.put(architecture + ".rope.scaling.yarn_log_multiplier", number / 10);
        }
    }

    /** llama.cpp's number for a file that is mostly of one type; of Q4_K's two, the one without larger tensors. */
    private static long fileType(TensorType type) {
        return switch (type) {
            case F32 -> 0;
            case F16 -> 1;
            case Q4_0 -> 2;
            case Q8_0 -> 7;
            case Q5_0 -> 8;
            case Q4_K -> 14;
            case Q6_K -> 18;
            case BF16 -> 32;
            default -> throw new IllegalArgumentException("%s can be read, but not written".formatted(type));
        };
    }
}
