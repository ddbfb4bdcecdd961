package dev.guildhall.engine.model;

import dev.guildhall.engine.kernel.Kernels;
import dev.guildhall.engine.kernel.ScalarKernels;
import dev.guildhall.engine.kernel.VectorKernels;

/** What computes the forward pass. */
public enum Backend {
    /** The reference: plain loops, slow. */
    SCALAR,
    /** The Vector API over all cores: the default. */
    VECTOR;

    Kernels kernels(int threads) {
        return switch (this) {
            case SCALAR -> new ScalarKernels(threads);
            case VECTOR -> new VectorKernels(threads);
        };
    }
}
