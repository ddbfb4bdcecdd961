package dev.guildhall.engine.conversion;

import dev.guildhall.engine.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** Tensors that come from other tensors. */
final class Repacking {

    private Repacking() {}

    /** Byte for byte. */
    static NewTensor copy(Tensor tensor) {
        long rowBytes = tensor.rowBytes();
        return new NewTensor(
                tensor.name(),
                tensor.type(),
                tensor.shape(),
                (first, count, out) -> MemorySegment.copy(
                        tensor.data(), ValueLayout.JAVA_BYTE, first * rowBytes, out, 0, (int) (count * rowBytes)));
    }
}
