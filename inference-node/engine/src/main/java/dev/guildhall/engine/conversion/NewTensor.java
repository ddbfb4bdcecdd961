package dev.guildhall.engine.conversion;

import dev.guildhall.engine.format.GgufWriter;
import dev.guildhall.engine.tensor.TensorType;
import java.util.List;

/** A tensor of a file that is being made. */
record NewTensor(GgufWriter.Entry entry, PackedRows rows) {

    /** Where packed rows come from. Many threads ask at once. */
    @FunctionalInterface
    interface PackedRows {

        /** Writes {@code count} rows from {@code first} to {@code out}. */
        void pack(int first, int count, byte[] out);
    }

    NewTensor(String name, TensorType type, List<Long> shape, PackedRows rows) {
        this(new GgufWriter.Entry(name, type, shape), rows);
    }

    int rowCount() {
        return Math.toIntExact(entry.elements() / entry.shape().getFirst());
    }

    long rowBytes() {
        return entry.type().bytes(entry.shape().getFirst());
    }
}
