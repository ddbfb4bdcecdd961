package dev.guildhall.engine.tokenizer;

import java.util.Arrays;

/** A growing list of token ids. */
final class TokenBuffer {

    private int[] ids;
    private int size;

    TokenBuffer(int capacity) {
        ids = new int[capacity];
    }

    void add(int... more) {
        if (size + more.length > ids.length) {
            ids = Arrays.copyOf(ids, Math.max(ids.length * 2, size + more.length));
        }
        System.arraycopy(more, 0, ids, size, more.length);
        size += more.length;
    }

    int[] toArray() {
        return Arrays.copyOf(ids, size);
    }
}
