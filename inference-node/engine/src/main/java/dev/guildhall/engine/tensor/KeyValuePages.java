package dev.guildhall.engine.tensor;

import java.util.ArrayList;
import java.util.List;

/**
 * Keys and values of one layer and one sequence, in pages of {@value #POSITIONS} positions that come as they are needed.
 *
 * <p>The layouts let the attention kernel read eight positions, or eight elements, side by side:
 *
 * <pre>
 * keys   page: [keyValueHead, element, position]   f32
 * values page: [keyValueHead, position, element]   f32, or none where values are the beginning of keys
 * </pre>
 */
public final class KeyValuePages {

    /** Positions of a page. */
    public static final int POSITIONS = 64;

    private final KeyValueShape shape;
    private final List<float[]> keys = new ArrayList<>();
    private final List<float[]> values = new ArrayList<>();

    public KeyValuePages(KeyValueShape shape) {
        this.shape = shape;
    }

    /**
     * Writes {@code count} rows at {@code start} and on.
     *
     * @param keyRows {@code [row, keyValueHead, element]}
     * @param valueRows the same; never read where values are the beginning of keys
     */
    public void write(int start, int count, float[] keyRows, float[] valueRows, int rowsOffset) {
        while ((long) keys.size() * POSITIONS < start + count) {
            keys.add(new float[shape.keysSize() * POSITIONS]);
            if (!shape.valuesInKeys()) {
                values.add(new float[shape.valuesSize() * POSITIONS]);
            }
        }
        for (int row = 0; row < count; row++) {
            int position = (start + row) % POSITIONS;
            int page = (start + row) / POSITIONS;
            writeKeys(keyRows, rowsOffset + row, keys.get(page), position);
            if (!shape.valuesInKeys()) {
                writeValues(valueRows, rowsOffset + row, values.get(page), position);
            }
        }
    }

    private void writeKeys(float[] rows, int row, float[] page, int position) {
        int size = shape.keysSize();
        for (int i = 0; i < size; i++) {
            page[i * POSITIONS + position] = rows[row * size + i];
        }
    }

    private void writeValues(float[] rows, int row, float[] page, int position) {
        int size = shape.valueSize();
        for (int head = 0; head < shape.heads(); head++) {
            System.arraycopy(
                    rows, row * shape.valuesSize() + head * size, page, (head * POSITIONS + position) * size, size);
        }
    }

    /** Gives back the pages that lie wholly at or after {@code length}. */
    public void truncate(int length) {
        int pages = (length + POSITIONS - 1) / POSITIONS;
        while (keys.size() > pages) {
            keys.removeLast();
            if (!shape.valuesInKeys()) {
                values.removeLast();
            }
        }
    }

    public float[] keyPage(int page) {
        return keys.get(page);
    }

    /** Where values are found: in the page of keys where they are the beginning of those. */
    public float[] valuePage(int page) {
        return shape.valuesInKeys() ? keys.get(page) : values.get(page);
    }

    /** Index of a head's first value in {@link #valuePage}; {@code element} and {@code position} count on from there. */
    public int firstValue(int head) {
        return head * POSITIONS * (shape.valuesInKeys() ? shape.keySize() : shape.valueSize());
    }

    /** Distance of two elements of a value in {@link #valuePage}. */
    public int valueElementStep() {
        return shape.valuesInKeys() ? POSITIONS : 1;
    }

    /** Distance of two positions' values in {@link #valuePage}. */
    public int valuePositionStep() {
        return shape.valuesInKeys() ? 1 : shape.valueSize();
    }

    public long bytes() {
        return (long) keys.size() * shape.size() * POSITIONS * Float.BYTES;
    }
}
