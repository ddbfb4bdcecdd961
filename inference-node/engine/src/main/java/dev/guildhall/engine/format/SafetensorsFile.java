package dev.guildhall.engine.format;

import dev.guildhall.engine.tensor.Tensor;
import dev.guildhall.engine.tensor.TensorType;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Reads one safetensors file: {@code header length u64 · header, JSON · data}. What the header says is checked before anything of
 * it is used.
 */
final class SafetensorsFile {

    private static final int HEADER_BYTES_MAX = 100_000_000;
    private static final int DIMENSIONS_MAX = 4;
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    static final JsonMapper JSON = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();

    private final Path file;
    private final MemorySegment data;

    private SafetensorsFile(Path file, MemorySegment data) {
        this.file = file;
        this.data = data;
    }

    /** The file's tensors, as views of a mapping that lives as long as {@code arena}. */
    static Map<String, Tensor> read(Path file, Arena arena) throws IOException {
        MemorySegment mapping = GgufFile.map(file, arena);
        if (mapping.byteSize() < Long.BYTES) {
            throw new ModelFormatException(
                    file, "it has %d bytes, too few for the length of a header".formatted(mapping.byteSize()));
        }
        long length = mapping.get(LONG, 0);
        long lengthMax = Math.min(HEADER_BYTES_MAX, mapping.byteSize() - Long.BYTES);
        if (length < 0 || length > lengthMax) {
            throw new ModelFormatException(
                    file,
                    "the header's length is %s; at most %d bytes are possible"
                            .formatted(Long.toUnsignedString(length), lengthMax));
        }
        byte[] header = mapping.asSlice(Long.BYTES, length).toArray(ValueLayout.JAVA_BYTE);
        JsonNode json;
        try {
            json = JSON.readTree(header);
        } catch (JacksonException e) {
            throw new ModelFormatException(file, "the header is no JSON: " + e.getOriginalMessage());
        }
        return new SafetensorsFile(file, mapping.asSlice(Long.BYTES + length)).tensors(json);
    }

    private Map<String, Tensor> tensors(JsonNode header) throws ModelFormatException {
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        for (Map.Entry<String, JsonNode> entry : header.properties()) {
            if (!entry.getKey().equals("__metadata__")) {
                tensors.put(entry.getKey(), tensor(entry.getKey(), entry.getValue()));
            }
        }
        return tensors;
    }

    private Tensor tensor(String name, JsonNode description) throws ModelFormatException {
        String dtype = description.path("dtype").asString("");
        TensorType type = switch (dtype) {
            case "F32" -> TensorType.F32;
            case "F16" -> TensorType.F16;
            case "BF16" -> TensorType.BF16;
            case "F8_E4M3" -> TensorType.F8_E4M3;
            default ->
                throw problem(
                        "tensor %s has dtype %s, which the engine cannot read; it reads F32, F16, BF16 and F8_E4M3"
                                .formatted(name, dtype));
        };
        List<Long> shape = shape(name, description.path("shape"));
        long begin = offset(name, description, 0);
        long end = offset(name, description, 1);
        long bytes = type.bytes(shape.stream().mapToLong(Long::longValue).reduce(1, Math::multiplyExact));
        if (begin > end || end > data.byteSize() || end - begin != bytes) {
            throw problem("tensor %s of shape %s takes %d bytes; its data_offsets are %d and %d of %d"
                    .formatted(name, shape.reversed(), bytes, begin, end, data.byteSize()));
        }
        return new Tensor(name, type, shape, data.asSlice(begin, bytes));
    }

    /** Fastest dimension first, unlike in the file. */
    private List<Long> shape(String name, JsonNode sizes) throws ModelFormatException {
        if (!sizes.isArray() || sizes.isEmpty() || sizes.size() > DIMENSIONS_MAX) {
            throw problem("tensor %s has the shape %s; 1 to %d dimensions are possible"
                    .formatted(name, sizes, DIMENSIONS_MAX));
        }
        List<Long> shape = new ArrayList<>();
        long elements = 1;
        for (JsonNode size : sizes) {
            // No type packs two elements into a byte, so more cannot be in the file.
            if (!size.canConvertToInt() || size.intValue() < 1 || elements > data.byteSize() / size.intValue()) {
                throw problem("tensor %s has the shape %s: more than the file holds".formatted(name, sizes));
            }
            elements *= size.intValue();
            shape.add(size.longValue());
        }
        return shape.reversed();
    }

    private long offset(String name, JsonNode description, int index) throws ModelFormatException {
        JsonNode value = description.path("data_offsets").path(index);
        if (!value.isIntegralNumber() || !value.canConvertToLong() || value.longValue() < 0) {
            throw problem("tensor %s has the data_offsets %s, not two numbers from 0 up"
                    .formatted(name, description.path("data_offsets")));
        }
        return value.longValue();
    }

    private ModelFormatException problem(String text) {
        return new ModelFormatException(file, text);
    }
}
