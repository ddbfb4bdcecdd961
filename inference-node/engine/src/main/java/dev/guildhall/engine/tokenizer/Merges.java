package dev.guildhall.engine.tokenizer;

import dev.guildhall.engine.format.ModelFormatException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** The merges of a byte-pair vocabulary: which two neighbouring tokens join, into which, and how early. */
final class Merges {

    static final int NONE = -1;

    private final long[] pairs; // open addressing; the key is left << 32 | right, EMPTY where free
    private final int[] ranks;
    private final int[] joined; // by rank
    private int count;

    private static final long EMPTY = -1;

    Merges(int capacity) {
        int slots = Integer.highestOneBit(Math.max(8, capacity) * 2 - 1) * 2;
        pairs = new long[slots];
        Arrays.fill(pairs, EMPTY);
        ranks = new int[slots];
        joined = new int[capacity];
    }

    /** @param lines each {@code left right}, the earliest first */
    static Merges of(List<String> lines, Map<String, Integer> ids, Vocabulary vocabulary) throws ModelFormatException {
        Merges merges = new Merges(lines.size());
        for (int rank = 0; rank < lines.size(); rank++) {
            String line = lines.get(rank);
            int space = line.indexOf(' ', 1);
            Integer left = space < 0 ? null : ids.get(line.substring(0, space));
            Integer right = space < 0 ? null : ids.get(line.substring(space + 1));
            Integer joined = left == null || right == null
                    ? null
                    : ids.get(line.substring(0, space).concat(line.substring(space + 1)));
            if (left == null || right == null || joined == null) {
                throw vocabulary.refusal(
                        "merge %d is \"%s\": its parts or their join are no tokens".formatted(rank, line));
            }
            merges.add(left, right, joined);
        }
        return merges;
    }

    /** Adds the next merge; where a pair stands twice, the first one counts. */
    void add(int left, int right, int result) {
        int rank = count++;
        joined[rank] = result;
        int slot = slot(left, right);
        if (pairs[slot] == EMPTY) {
            pairs[slot] = pair(left, right);
            ranks[slot] = rank;
        }
    }

    /** The rank of joining two tokens, lower is earlier, or {@link #NONE}. */
    int rank(int left, int right) {
        int slot = slot(left, right);
        return pairs[slot] == EMPTY ? NONE : ranks[slot];
    }

    int joined(int rank) {
        return joined[rank];
    }

    private int slot(int left, int right) {
        long key = pair(left, right);
        int mask = pairs.length - 1;
        int slot = (int) ((key * 0x9E3779B97F4A7C15L) >>> 32) & mask;
        while (pairs[slot] != EMPTY && pairs[slot] != key) {
            slot = (slot + 1) & mask;
        }
        return slot;
    }

    private static long pair(int left, int right) {
        return (long) left << 32 | right;
    }
}
