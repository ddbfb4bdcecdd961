package dev.guildhall.engine.conversion;

import dev.guildhall.engine.format.ModelFile;
import dev.guildhall.engine.format.SafetensorsModel;
import dev.guildhall.engine.tensor.TensorType;
import java.util.LinkedHashMap;
import java.util.Map;

/** What a GGUF file says about a model, made from what another file says. */
final class GgufMetadata {

    private static final long QUANTIZATION_VERSION = 2;

    private GgufMetadata() {}

    static Map<String, Object> of(ModelFile file, TensorType type) throws ConversionException {
        Map<String, Object> metadata = new LinkedHashMap<>(file.metadata());
        if (metadata.containsKey(SafetensorsModel.ATTENTION_FACTOR)) {
            throw new ConversionException(
                    "%s: its YaRN has an attention factor of its own, which GGUF cannot say".formatted(file.path()));
        }
        // Readers that find no size of values take hidden/heads for it.
        String attention = metadata.get("general.architecture") + ".attention.";
        Object keySize = metadata.get(attention + "key_length");
        if (keySize != null) {
            metadata.putIfAbsent(attention + "value_length", keySize);
        }
        metadata.put("general.file_type", fileType(type));
        metadata.put("general.quantization_version", QUANTIZATION_VERSION);
        return metadata;
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
