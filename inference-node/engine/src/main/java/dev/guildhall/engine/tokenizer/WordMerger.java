package dev.guildhall.engine.tokenizer;

import java.util.Arrays;

/**
 * Joins the tokens of one word, earliest merge first and leftmost among equals.
 *
 * <p>The word is a linked list over array positions. A heap holds every neighbouring pair that can join as {@code rank
 * << 32 | position}. A pair that was popped counts only if its left token is still there and still joins at that rank;
 * pairs that became stale are thus dropped without being searched for. n tokens take O(n log n).
 */
final class WordMerger {

    private static final int GONE = -1;

    private final Merges merges;
    private final int[] ids;
    private final int[] next;
    private final int[] previous;
    private long[] heap;
    private int heapSize;

    private WordMerger(Merges merges, int[] ids) {
        this.merges = merges;
        this.ids = ids;
        this.next = new int[ids.length];
        this.previous = new int[ids.length];
        this.heap = new long[Math.max(4, ids.length * 2)];
    }

    /** Joins in place; the answer is shorter than or as long as {@code ids}. */
    static int[] merge(Merges merges, int[] ids) {
        return ids.length < 2 ? ids : new WordMerger(merges, ids).merge();
    }

    private int[] merge() {
        int length = ids.length;
        for (int i = 0; i < length; i++) {
            next[i] = i + 1;
            previous[i] = i - 1;
        }
        for (int i = 0; i + 1 < length; i++) {
            offer(i);
        }
        int left = length;
        while (heapSize > 0) {
            long entry = pop();
            int rank = (int) (entry >>> 32);
            int position = (int) entry;
            int neighbour = next[position];
            if (ids[position] == GONE || neighbour >= length || merges.rank(ids[position], ids[neighbour]) != rank) {
                continue;
            }
            ids[position] = merges.joined(rank);
            ids[neighbour] = GONE;
            next[position] = next[neighbour];
            if (next[position] < length) {
                previous[next[position]] = position;
                offer(position);
            }
            if (previous[position] >= 0) {
                offer(previous[position]);
            }
            left--;
        }
        int[] result = new int[left];
        for (int position = 0, i = 0; position < length; position = next[position]) {
            result[i++] = ids[position];
        }
        return result;
    }

    private void offer(int position) {
        int rank = merges.rank(ids[position], ids[next[position]]);
        if (rank == Merges.NONE) {
            return;
        }
        if (heapSize == heap.length) {
            heap = Arrays.copyOf(heap, heapSize * 2);
        }
        long entry = (long) rank << 32 | position;
        int child = heapSize++;
        while (child > 0 && heap[(child - 1) >> 1] > entry) {
            heap[child] = heap[(child - 1) >> 1];
            child = (child - 1) >> 1;
        }
        heap[child] = entry;
    }

    private long pop() {
        long top = heap[0];
        long last = heap[--heapSize];
        int parent = 0;
        while (true) {
            int child = 2 * parent + 1;
            if (child >= heapSize) {
                break;
            }
            if (child + 1 < heapSize && heap[child + 1] < heap[child]) {
                child++;
            }
            if (heap[child] >= last) {
                break;
            }
            heap[parent] = heap[child];
            parent = child;
        }
        heap[parent] = last;
        return top;
    }
}
