package dev.guildhall.engine.format;

import dev.guildhall.engine.tensor.Tensor;
import dev.guildhall.engine.tensor.TensorType;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads the head of a GGUF file, once, from front to back.
 *
 * <pre>
 * "GGUF" · version u32 · tensor count u64 · metadata count u64
 * metadata: key string · type u32 · value          (string = length u64, bytes; array = type u32, count u64, values)
 * tensors:  name string · dimensions u32 · size u64 each · type u32 · offset u64
 * padding to general.alignment, then the data section, in which the offsets count
 * </pre>
 */
final class GgufReader {

    private static final int MAGIC = 0x46554747;
    private static final int STRING_BYTES_MAX = 1 << 24;
    private static final int KEY_BYTES_MAX = 1 << 16;
    private static final int METADATA_COUNT_MAX = 1 << 16;
    private static final int TENSOR_COUNT_MAX = 1 << 20;
    /** Over all arrays of the file: a vocabulary of 256 k tokens with scores, types and merges is a third of it. */
    private static final int ARRAY_ELEMENTS_MAX = 1 << 22;

    private static final int ARRAY_ELEMENTS_FIRST = 1_024;

    private static final int DIMENSIONS_MAX = 4;
    private static final long ALIGNMENT_DEFAULT = 32;
    private static final long ALIGNMENT_MAX = 1 << 20;

    private static final ValueLayout.OfShort SHORT =
            ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private final Path file;
    private final MemorySegment mapping;
    private long position;
    private int arrayElements;

    record Contents(Map<String, Object> metadata, Map<String, Tensor> tensors) {}

    /** A tensor as the file describes it, before its bytes are known to be there. */
    private record Description(String name, TensorType type, List<Long> shape, long bytes, long offset) {}

    GgufReader(Path file, MemorySegment mapping) {
        this.file = file;
        this.mapping = mapping;
    }

    Contents read() throws ModelFormatException {
        int magic = readInt("magic");
        if (magic != MAGIC) {
            throw problem("magic is 0x%08x, not \"GGUF\": this is not a GGUF file".formatted(magic));
        }
        int version = readInt("version");
        if (version != 2 && version != 3) {
            throw problem("version is %d; versions 2 and 3 can be read%s"
                    .formatted(
                            version,
                            Integer.reverseBytes(version) == 3 ? " (the file is big-endian: convert it)" : ""));
        }
        // The smallest tensor description takes 32 bytes, the smallest metadata entry 13.
        int tensorCount = readCount("tensor count", 32, TENSOR_COUNT_MAX);
        int metadataCount = readCount("metadata count", 13, METADATA_COUNT_MAX);
        Map<String, Object> metadata = readMetadata(metadataCount);
        return new Contents(metadata, readTensors(tensorCount, alignment(metadata)));
    }

    private Map<String, Object> readMetadata(int count) throws ModelFormatException {
        Map<String, Object> metadata = LinkedHashMap.newLinkedHashMap(count);
        for (int i = 0; i < count; i++) {
            String key = readName("key of metadata entry " + i);
            Object value = readValue(key, readInt("type of " + key), false);
            if (metadata.put(key, value) != null) {
                throw problem("metadata key %s occurs twice".formatted(key));
            }
        }
        return metadata;
    }

    private Object readValue(String key, int type, boolean inArray) throws ModelFormatException {
        return switch (type) {
            case 0 -> (long) Byte.toUnsignedInt(readByte(key));
            case 1 -> (long) readByte(key);
            case 2 -> (long) Short.toUnsignedInt(readShort(key));
            case 3 -> (long) readShort(key);
            case 4 -> Integer.toUnsignedLong(readInt(key));
            case 5 -> (long) readInt(key);
            case 6 -> (double) Float.intBitsToFloat(readInt(key));
            case 7 -> {
                byte value = readByte(key);
                if (value != 0 && value != 1) {
                    throw problem("%s is %d, not a truth value (0 or 1)".formatted(key, value));
                }
                yield value == 1;
            }
            case 8 -> readText(key);
            case 9 -> {
                if (inArray) {
                    throw problem("%s is an array of arrays, which no known model uses".formatted(key));
                }
                yield readArray(key);
            }
            case 10 -> {
                long value = readLong(key);
                if (value < 0) {
                    throw problem("%s is %s, above 2^63-1".formatted(key, Long.toUnsignedString(value)));
                }
                yield value;
            }
            case 11 -> readLong(key);
            case 12 -> Double.longBitsToDouble(readLong(key));
            default -> throw problem("type of %s is %d; 0 to 12 are known".formatted(key, type));
        };
    }

    private List<Object> readArray(String key) throws ModelFormatException {
        int type = readInt("element type of " + key);
        int count = readCount("element count of " + key, elementBytesMin(key, type), ARRAY_ELEMENTS_MAX);
        arrayElements += count;
        if (arrayElements > ARRAY_ELEMENTS_MAX) {
            throw problem("the arrays up to %s have %d elements together; the limit is %d"
                    .formatted(key, arrayElements, ARRAY_ELEMENTS_MAX));
        }
        // A count that is not true must cost nothing: the list grows with what is there.
        List<Object> values = new ArrayList<>(Math.min(count, ARRAY_ELEMENTS_FIRST));
        for (int i = 0; i < count; i++) {
            values.add(readValue(key, type, true));
        }
        return Collections.unmodifiableList(values);
    }

    private int elementBytesMin(String key, int type) throws ModelFormatException {
        return switch (type) {
            case 0, 1, 7 -> 1;
            case 2, 3 -> 2;
            case 4, 5, 6 -> 4;
            case 8, 10, 11, 12 -> 8;
            default ->
                throw problem("element type of %s is %d; 0 to 12 without 9 (array) are known".formatted(key, type));
        };
    }

    private long alignment(Map<String, Object> metadata) throws ModelFormatException {
        Object value = metadata.getOrDefault("general.alignment", ALIGNMENT_DEFAULT);
        if (value instanceof Long alignment
                && alignment >= 1
                && alignment <= ALIGNMENT_MAX
                && Long.bitCount(alignment) == 1) {
            return alignment;
        }
        throw problem("general.alignment is %s, not a power of two up to %d".formatted(value, ALIGNMENT_MAX));
    }

    private Map<String, Tensor> readTensors(int count, long alignment) throws ModelFormatException {
        List<Description> descriptions = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            descriptions.add(readDescription(i, alignment));
        }
        long dataStart = (position + alignment - 1) / alignment * alignment;
        long dataBytes = Math.max(0, mapping.byteSize() - dataStart);

        Map<String, Tensor> tensors = LinkedHashMap.newLinkedHashMap(count);
        for (Description tensor : descriptions) {
            if (tensor.offset > dataBytes || tensor.bytes > dataBytes - tensor.offset) {
                throw problem("tensor %s takes bytes %d to %d of the data section, which has %d: the file is cut short"
                        .formatted(tensor.name, tensor.offset, tensor.offset + tensor.bytes, dataBytes));
            }
            MemorySegment data = mapping.asSlice(dataStart + tensor.offset, tensor.bytes);
            if (tensors.put(tensor.name, new Tensor(tensor.name, tensor.type, tensor.shape, data)) != null) {
                throw problem("tensor %s occurs twice".formatted(tensor.name));
            }
        }
        return tensors;
    }

    private Description readDescription(int index, long alignment) throws ModelFormatException {
        String name = readName("name of tensor " + index);
        int dimensions = readInt("dimension count of " + name);
        if (dimensions < 1 || dimensions > DIMENSIONS_MAX) {
            throw problem("tensor %s has %s dimensions; 1 to %d are possible"
                    .formatted(name, Integer.toUnsignedString(dimensions), DIMENSIONS_MAX));
        }
        List<Long> shape = new ArrayList<>(dimensions);
        long elements = 1;
        for (int i = 0; i < dimensions; i++) {
            long size = readLong("dimension %d of %s".formatted(i, name));
            // No type packs more than two elements into a byte, so more cannot be in the file.
            if (size < 1 || size > Integer.MAX_VALUE || elements > 2 * mapping.byteSize() / size) {
                throw problem("dimension %d of tensor %s is %s: more than the file holds"
                        .formatted(i, name, Long.toUnsignedString(size)));
            }
            elements *= size;
            shape.add(size);
        }
        int typeId = readInt("type of " + name);
        TensorType type = TensorType.withId(typeId)
                .orElseThrow(() -> problem("tensor %s has type %s, which the engine cannot read; it reads %s"
                        .formatted(name, Integer.toUnsignedString(typeId), Arrays.toString(TensorType.values()))));
        if (shape.getFirst() % type.blockElements() != 0) {
            throw problem("tensor %s has rows of %d elements, not a multiple of %d, the block of its type %s"
                    .formatted(name, shape.getFirst(), type.blockElements(), type));
        }
        if (elements / shape.getFirst() > Integer.MAX_VALUE) {
            throw problem("tensor %s has %d rows; the limit is %d"
                    .formatted(name, elements / shape.getFirst(), Integer.MAX_VALUE));
        }
        long offset = readLong("offset of " + name);
        if (offset < 0 || offset % alignment != 0) {
            throw problem("tensor %s lies at offset %s, not a multiple of the alignment %d"
                    .formatted(name, Long.toUnsignedString(offset), alignment));
        }
        return new Description(name, type, shape, type.bytes(elements), offset);
    }

    /** A count of things that take at least {@code bytesEach} of what is left of the file. */
    private int readCount(String field, long bytesEach, int max) throws ModelFormatException {
        long count = readLong(field);
        long possible = (mapping.byteSize() - position) / bytesEach;
        if (count < 0 || count > possible) {
            throw problem("%s is %s, but the rest of the file holds at most %d: it is cut short or broken"
                    .formatted(field, Long.toUnsignedString(count), possible));
        }
        if (count > max) {
            throw problem("%s is %d; the limit is %d".formatted(field, count, max));
        }
        return (int) count;
    }

    /** Names must be readable; other text may hold anything, and what is not UTF-8 in it is replaced. */
    private String readName(String field) throws ModelFormatException {
        byte[] bytes = readStringBytes(field, KEY_BYTES_MAX);
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .onMalformedInput(CodingErrorAction.REPORT)
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException malformed) {
            throw problem("%s is not UTF-8".formatted(field));
        }
    }

    private String readText(String field) throws ModelFormatException {
        return new String(readStringBytes(field, STRING_BYTES_MAX), StandardCharsets.UTF_8);
    }

    private byte[] readStringBytes(String field, int bytesMax) throws ModelFormatException {
        int length = readCount("length of " + field, 1, bytesMax);
        byte[] bytes = new byte[length];
        MemorySegment.copy(mapping, ValueLayout.JAVA_BYTE, position, bytes, 0, length);
        position += length;
        return bytes;
    }

    private byte readByte(String field) throws ModelFormatException {
        return mapping.get(ValueLayout.JAVA_BYTE, advance(field, 1));
    }

    private short readShort(String field) throws ModelFormatException {
        return mapping.get(SHORT, advance(field, 2));
    }

    private int readInt(String field) throws ModelFormatException {
        return mapping.get(INT, advance(field, 4));
    }

    private long readLong(String field) throws ModelFormatException {
        return mapping.get(LONG, advance(field, 8));
    }

    private long advance(String field, int bytes) throws ModelFormatException {
        if (mapping.byteSize() - position < bytes) {
            throw problem("the file ends at byte %d, inside %s: it is cut short".formatted(mapping.byteSize(), field));
        }
        long start = position;
        position += bytes;
        return start;
    }

    private ModelFormatException problem(String text) {
        return new ModelFormatException(file, text);
    }
}
