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
 * values page: [keyValueHead, position, element]   f32
 * </pre>
 */
public final class KeyValuePages {

    /** Positions of a page. */
    public static final int POSITIONS = 64;

    private final int heads;
    private final int headSize;
    private final List<float[]> keys = new ArrayList<>();
    private final List<float[]> values = new ArrayList<>();

    public KeyValuePages(int heads, int headSize) {
        this.heads = heads;
        this.headSize = headSize;
    }

    /** Writes {@code count} rows of {@code [keyValueHead, element]} at {@code start} and on. */
    public void write(int start, int count, float[] keyRows, float[] valueRows, int rowsOffset) {
        int rowSize = heads * headSize;
        while ((long) keys.size() * POSITIONS < start + count) {
            keys.add(new float[rowSize * POSITIONS]);
            values.add(new float[rowSize * POSITIONS]);
        }
        for (int row = 0; row < count; row++) {
            int position = (start + row) % POSITIONS;
            float[] keyPage = keys.get((start + row) / POSITIONS);
            float[] valuePage = values.get((start + row) / POSITIONS);
            int source = (rowsOffset + row) * rowSize;
            for (int i = 0; i < rowSize; i++) {
                keyPage[i * POSITIONS + position] = keyRows[source + i];
            }
            for (int head = 0; head < heads; head++) {
                System.arraycopy(
                        valueRows,
                        source + head * headSize,
                        valuePage,
                        (head * POSITIONS + position) * headSize,
                        headSize);
            }
        }
    }

    /** Gives back the pages that lie wholly at or after {@code length}. */
    public void truncate(int length) {
        int pages = (length + POSITIONS - 1) / POSITIONS;
        while (keys.size() > pages) {
            keys.removeLast();
            values.removeLast();
        }
    }

    public float[] keyPage(int page) {
        return keys.get(page);
    }

    public float[] valuePage(int page) {
        return values.get(page);
    }

    public long bytes() {
        return 2L * keys.size() * heads * headSize * POSITIONS * Float.BYTES;
    }
}
