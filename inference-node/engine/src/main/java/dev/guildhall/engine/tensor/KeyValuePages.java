package dev.guildhall.engine.tensor;

import java.util.ArrayList;
import java.util.List;

/** Keys and values of one layer and one sequence: pages that it owns or shares, in the order of their positions. */
public final class KeyValuePages {

    private static final int POSITIONS = KeyValuePage.POSITIONS;

    private final List<KeyValuePage> pages = new ArrayList<>();

    public void add(KeyValuePage page) {
        pages.add(page);
    }

    public void set(int index, KeyValuePage page) {
        pages.set(index, page);
    }

    public void removeLast() {
        pages.removeLast();
    }

    public KeyValuePage page(int index) {
        return pages.get(index);
    }

    /**
     * Writes {@code count} rows at {@code start} and on, into pages that are there.
     *
     * @param keyRows {@code [row, keyValueHead, element]}
     * @param valueRows the same; never read where values are the beginning of keys
     */
    public void write(int start, int count, float[] keyRows, float[] valueRows, int rowsOffset) {
        for (int row = 0; row < count; row++) {
            int position = start + row;
            pages.get(position / POSITIONS).write(position % POSITIONS, keyRows, valueRows, rowsOffset + row);
        }
    }
}
