package dev.guildhall.engine.conversion;

import dev.guildhall.engine.kernel.RowReader;
import dev.guildhall.engine.tensor.Tensor;
import dev.guildhall.engine.tensor.TensorType;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;

/**
 * A tensor to be, made of the rows of others.
 *
 * @param parts whose rows follow each other, all of one shape: one, or one for each expert
 * @param turnedHeadSize rows of a head whose two halves turn together, where the file to be wants neighbours to; 0 when rows keep
 *     their order
 */
record SourceRows(String name, List<Long> shape, List<Tensor> parts, int turnedHeadSize) {

    static SourceRows of(Tensor tensor) {
        return new SourceRows(tensor.name(), tensor.shape(), List.of(tensor), 0);
    }

    /** One after the other, counted by one more dimension. */
    static SourceRows stack(String name, List<Tensor> parts) {
        List<Long> shape = new ArrayList<>(parts.getFirst().shape());
        shape.add((long) parts.size());
        return new SourceRows(name, shape, parts, 0);
    }

    SourceRows turned(int headSize) {
        return new SourceRows(name, shape, parts, headSize);
    }

    TensorType type() {
        return parts.getFirst().type();
    }

    /** Byte for byte. */
    NewTensor copy() {
        return as(type());
    }

    NewTensor as(TensorType type) {
        boolean same = parts.stream().allMatch(part -> part.type() == type);
        return new NewTensor(
                name, type, shape, same ? this::copyRows : (first, count, out) -> encodeRows(type, first, count, out));
    }

    private void copyRows(int first, int count, byte[] out) {
        int rowBytes = Math.toIntExact(parts.getFirst().rowBytes());
        int partRows = parts.getFirst().rows();
        for (int row = 0; row < count; row++) {
            MemorySegment data = parts.get((first + row) / partRows).data();
            long source = (long) sourceRow((first + row) % partRows) * rowBytes;
            MemorySegment.copy(data, ValueLayout.JAVA_BYTE, source, out, row * rowBytes, rowBytes);
        }
    }

    private void encodeRows(TensorType type, int first, int count, byte[] out) {
        int columns = parts.getFirst().columns();
        int partRows = parts.getFirst().rows();
        int rowBytes = Math.toIntExact(type.bytes(columns));
        float[] values = new float[columns];
        BlockEncoder encoder = BlockEncoder.of(type);
        RowReader reader = new RowReader(parts.get(first / partRows));
        for (int row = first; row < first + count; row++) {
            if (row % partRows == 0) {
                reader = new RowReader(parts.get(row / partRows));
            }
            reader.read(sourceRow(row % partRows), values, 0);
            checkFinite(values, row);
            int at = (row - first) * rowBytes;
            for (int column = 0; column < columns; column += type.blockElements()) {
                encoder.encode(values, column, out, at);
                at += type.blockBytes();
            }
        }
    }

    private int sourceRow(int row) {
        if (turnedHeadSize == 0) {
            return row;
        }
        int ofHead = row % turnedHeadSize;
        return row - ofHead + ofHead / 2 + ofHead % 2 * (turnedHeadSize / 2);
    }

    private void checkFinite(float[] values, int row) {
        for (int column = 0; column < values.length; column++) {
            if (!Float.isFinite(values[column])) {
                throw new ConversionException(
                        "%s[%d, %d] is %s: the model is broken".formatted(name, row, column, values[column]));
            }
        }
    }
}
