package dev.guildhall.engine.tensor;

import java.util.Optional;

/**
 * How the numbers of a tensor are packed: so many elements in a block of so many bytes. Names and ids are GGUF's.
 *
 * <p>The quantized types hold small integers {@code q} and turn them into numbers by a scale, and some by an offset, that
 * a whole group shares. {@code kernel} knows how to read each one.
 */
public enum TensorType {
    F32(0, 1, 4),
    F16(1, 1, 2),
    Q4_0(2, 32, 18),
    Q4_1(3, 32, 20),
    Q5_0(6, 32, 22),
    Q5_1(7, 32, 24),
    Q8_0(8, 32, 34),
    Q4_K(12, 256, 144),
    Q5_K(13, 256, 176),
    Q6_K(14, 256, 210),
    BF16(30, 1, 2);

    private final int id;
    private final int blockElements;
    private final int blockBytes;

    TensorType(int id, int blockElements, int blockBytes) {
        this.id = id;
        this.blockElements = blockElements;
        this.blockBytes = blockBytes;
    }

    /** The type with this number in a GGUF file, when the engine can read it. */
    public static Optional<TensorType> withId(int id) {
        for (TensorType type : values()) {
            if (type.id == id) {
                return Optional.of(type);
            }
        }
        return Optional.empty();
    }

    public int id() {
        return id;
    }

    public int blockElements() {
        return blockElements;
    }

    public int blockBytes() {
        return blockBytes;
    }

    /** Bytes that {@code elements} take; {@code elements} fills whole blocks. */
    public long bytes(long elements) {
        assert elements % blockElements == 0;
        return Math.multiplyExact(elements / blockElements, blockBytes);
    }
}
