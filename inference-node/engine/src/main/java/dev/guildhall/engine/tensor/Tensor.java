package dev.guildhall.engine.tensor;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A named array of numbers, still packed.
 *
 * @param shape fastest dimension first, as in GGUF: a matrix {@code W[rows, columns]} has the shape {@code [columns, rows]}
 * @param data exactly the tensor's bytes, row after row
 * @param scales by which the numbers are multiplied: a matrix with one for each square of {@value #SQUARE} rows and columns, or
 *     with one for all; none in most types
 */
public record Tensor(
        String name,
        TensorType type,
        List<Long> shape,
        MemorySegment data,
        @Nullable Tensor scales) {

    /** Rows and columns that share a scale. */
    public static final int SQUARE = 128;

    public Tensor(String name, TensorType type, List<Long> shape, MemorySegment data) {
        this(name, type, shape, data, null);
    }

    public Tensor {
        shape = List.copyOf(shape);
        long elements = 1;
        for (long size : shape) {
            elements = Math.multiplyExact(elements, size);
        }
        if (shape.isEmpty() || shape.getFirst() % type.blockElements() != 0) {
            throw new IllegalArgumentException("%s: rows of shape %s do not fill whole blocks of %d elements of type %s"
                    .formatted(name, shape, type.blockElements(), type));
        }
        if (type.bytes(elements) != data.byteSize()) {
            throw new IllegalArgumentException("%s: shape %s of type %s takes %d bytes, not %d"
                    .formatted(name, shape, type, type.bytes(elements), data.byteSize()));
        }
        if (scales != null && scales.elements() > 1) {
            List<Long> squares =
                    shape.stream().map(size -> (size + SQUARE - 1) / SQUARE).toList();
            if (!scales.shape.equals(squares)) {
                throw new IllegalArgumentException("%s: a matrix of shape %s has scales of shape %s, not %s"
                        .formatted(name, shape, squares, scales.shape));
            }
        }
    }

    /** A tensor over numbers in memory. */
    public static Tensor ofFloats(String name, float[] values, long... shape) {
        return new Tensor(name, TensorType.F32, Arrays.stream(shape).boxed().toList(), MemorySegment.ofArray(values));
    }

    /** One of the arrays that the last dimension counts: a matrix of a stack of them. */
    public Tensor part(int index) {
        long bytes = data.byteSize() / shape.getLast();
        return new Tensor(
                name + "[" + index + "]", type, shape.subList(0, shape.size() - 1), data.asSlice(index * bytes, bytes));
    }

    /** Some of a matrix's rows. */
    public Tensor slice(int firstRow, int rowCount) {
        return new Tensor(
                "%s[%d..%d]".formatted(name, firstRow, firstRow + rowCount),
                type,
                List.of(shape.getFirst(), (long) rowCount),
                data.asSlice(firstRow * rowBytes(), rowCount * rowBytes()),
                scales == null || scales.elements() == 1 ? scales : scalesOf(firstRow, rowCount));
    }

    private Tensor scalesOf(int firstRow, int rowCount) {
        if (scales == null || firstRow % SQUARE != 0) {
            throw new IllegalArgumentException(
                    "%s: rows from %d on share scales with those before".formatted(name, firstRow));
        }
        return scales.slice(firstRow / SQUARE, (rowCount + SQUARE - 1) / SQUARE);
    }

    /** Length of a row: the dimension that a matrix-vector product sums over. */
    public int columns() {
        return Math.toIntExact(shape.getFirst());
    }

    public int rows() {
        long rows = 1;
        for (long size : shape.subList(1, shape.size())) {
            rows *= size;
        }
        return Math.toIntExact(rows);
    }

    public long elements() {
        return (long) rows() * columns();
    }

    public long rowBytes() {
        return type.bytes(columns());
    }
}
