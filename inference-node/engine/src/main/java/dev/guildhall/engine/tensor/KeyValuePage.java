package dev.guildhall.engine.tensor;

/** Keys and values of {@value #POSITIONS} positions in one layer. */
public sealed interface KeyValuePage permits FloatPage, CodePage {

    /** Positions of a page: eight tiles of the attention kernel. */
    int POSITIONS = 64;

    KeyValueShape shape();

    /**
     * Writes one position.
     *
     * @param keyRows {@code [row, keyValueHead, element]}
     * @param valueRows the same; never read where values are the beginning of keys
     */
    void write(int position, float[] keyRows, float[] valueRows, int row);

    /** Takes over all that a page of the same type and shape holds. */
    void copy(KeyValuePage source);

    float key(int head, int element, int position);

    float value(int head, int element, int position);

    long bytes();
}
