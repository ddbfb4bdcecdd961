package dev.guildhall.engine.kernel;

/** Which two elements of a head a rotary embedding turns together. */
public enum RotaryPairs {
    /** Element {@code i} with {@code i + half}: NEOX in ggml, {@code rotate_half} in transformers. */
    HALVES,
    /** Element {@code 2i} with {@code 2i + 1}: NORM in ggml. */
    NEIGHBOURS
}
