package dev.guildhall.engine.kernel;

/** Weights {@code W[rows, columns]} in the layout of the {@link Kernels} that made it; only those can multiply by it. */
public interface Matrix {

    String name();

    int rows();

    int columns();

    /** Memory that it takes, beside the tensor that it was made from. */
    long bytes();
}
