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
    Q2_K(10, 256, 84),
    Q3_K(11, 256, 110),
    Q4_K(12, 256, 144),
    Q5_K(13, 256, 176),
    Q6_K(14, 256, 210),
    IQ4_NL(20, 32, 18),
    BF16(30, 1, 2),
    MXFP4(39, 32, 17),
    /** In safetensors only, with a scale for each square of the matrix beside it. */
    F8_E4M3(TensorType.NOT_IN_GGUF, 1, 1);

    private static final int NOT_IN_GGUF = -1;

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
            if (type.id == id && id != NOT_IN_GGUF) {
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
