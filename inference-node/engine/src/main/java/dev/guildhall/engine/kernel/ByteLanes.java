package dev.guildhall.engine.kernel;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Bytes of arrays, eight at a time in a long, the first in its lowest bits. Loading repacks every weight once in a fresh
 * process: plain arithmetic is fast there long before the compiler has made something of vectors.
 */
final class ByteLanes {

    /** Bytes of a long. */
    static final int COUNT = 8;

    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private static final long ONES = 0x0101010101010101L;
    private static final long HIGHEST_BITS = 0x8080808080808080L;
    private static final long EVEN_BYTES = 0x00ff00ff00ff00ffL;
    private static final long BIT_OF_EACH = 0x8040201008040201L;

    private ByteLanes() {}

    static long get(byte[] array, int at) {
        return (long) LONG.get(array, at);
    }

    static void put(byte[] array, int at, long lanes) {
        LONG.set(array, at, lanes);
    }

    /** The bits {@code mask << shift} of each byte, moved down by {@code shift}. */
    static long bits(long lanes, int shift, int mask) {
        return (lanes >>> shift) & (mask * ONES);
    }

    /** Bit {@code i} of {@code bits} as byte {@code i}, 0 or 1. */
    static long spread(int bits) {
        long own = ((bits & 255) * ONES) & BIT_OF_EACH;
        return ((own + 0x7f * ONES) >>> 7) & ONES;
    }

    /** Subtracts {@code count}, below 128, from every byte, each below 128. */
    static long subtract(long lanes, int count) {
        // The highest bit lends, so that no byte borrows from its neighbour.
        return ((lanes | HIGHEST_BITS) - count * ONES) ^ HIGHEST_BITS;
    }

    /**
     * Packs codes of several rows, pair of groups by pair, eight columns by eight: first a plane of the highest bits, where codes
     * have 3 or 5 {@code bits}, then the other two or four bits; the first column lowest in its byte. Bytes of the pair's groups take
     * turns; a last group without a partner has zeros beside it.
     *
     * @param out with room for a long after the last code
     */
    static void pack(byte[] codes, int columns, int group, int bits, byte[] out) {
        int low = bits < 4 ? 2 : 4;
        int high = bits - low;
        long lowBits = ((1L << low) - 1) * ONES;
        long highBits = ((1L << bits) - (1L << low)) * ONES;
        int at = 0;
        for (int row = 0; row < codes.length; row += columns) {
            for (int column = 0; column < columns; column += 2 * group) {
                boolean alone = column + group == columns;
                for (int i = row + column; i < row + column + group; i += COUNT) {
                    long first = get(codes, i);
                    long second = alone ? 0 : get(codes, i + group);
                    // What a long has beyond the bytes that count is written over.
                    if (high > 0) {
                        put(out, at, takeTurns(Long.compress(first, highBits), Long.compress(second, highBits)));
                        at += 2 * high;
                    }
                    put(out, at, takeTurns(Long.compress(first, lowBits), Long.compress(second, lowBits)));
                    at += 2 * low;
                }
            }
        }
    }

    /** The lower four bytes of both. */
    private static long takeTurns(long even, long odd) {
        return Long.expand(even, EVEN_BYTES) | Long.expand(odd, ~EVEN_BYTES);
    }

    /**
     * {@code target[column * targetStep + row] = source[row * columns + column]} for eight rows; {@code columns} is a multiple
     * of eight. Squares of 8 × 8 bytes are transposed by swapping halves of 4 × 4, then of 2 × 2, then single bytes.
     */
    static void transpose(byte[] source, int columns, byte[] target, int targetAt, int targetStep) {
        transpose(source, columns, 0, columns, target, targetAt, targetStep);
    }

    /** Only the columns from {@code from} to {@code to}, the first of which goes to {@code targetAt}. */
    static void transpose(byte[] source, int columns, int from, int to, byte[] target, int targetAt, int targetStep) {
        for (int column = from; column < to; column += COUNT) {
            long r0 = get(source, column);
            long r1 = get(source, column + columns);
            long r2 = get(source, column + 2 * columns);
            long r3 = get(source, column + 3 * columns);
            long r4 = get(source, column + 4 * columns);
            long r5 = get(source, column + 5 * columns);
            long r6 = get(source, column + 6 * columns);
            long r7 = get(source, column + 7 * columns);

            long a0 = (r0 & 0xffffffffL) | r4 << 32;
            long a1 = (r1 & 0xffffffffL) | r5 << 32;
            long a2 = (r2 & 0xffffffffL) | r6 << 32;
            long a3 = (r3 & 0xffffffffL) | r7 << 32;
            long a4 = r0 >>> 32 | (r4 & 0xffffffff00000000L);
            long a5 = r1 >>> 32 | (r5 & 0xffffffff00000000L);
            long a6 = r2 >>> 32 | (r6 & 0xffffffff00000000L);
            long a7 = r3 >>> 32 | (r7 & 0xffffffff00000000L);

            r0 = lowPairs(a0, a2);
            r1 = lowPairs(a1, a3);
            r2 = highPairs(a0, a2);
            r3 = highPairs(a1, a3);
            r4 = lowPairs(a4, a6);
            r5 = lowPairs(a5, a7);
            r6 = highPairs(a4, a6);
            r7 = highPairs(a5, a7);

            put(target, targetAt, lowBytes(r0, r1));
            put(target, targetAt + targetStep, highBytes(r0, r1));
            put(target, targetAt + 2 * targetStep, lowBytes(r2, r3));
            put(target, targetAt + 3 * targetStep, highBytes(r2, r3));
            put(target, targetAt + 4 * targetStep, lowBytes(r4, r5));
            put(target, targetAt + 5 * targetStep, highBytes(r4, r5));
            put(target, targetAt + 6 * targetStep, lowBytes(r6, r7));
            put(target, targetAt + 7 * targetStep, highBytes(r6, r7));
            targetAt += COUNT * targetStep;
        }
    }

    private static long lowPairs(long a, long b) {
        return (a & 0x0000ffff0000ffffL) | (b & 0x0000ffff0000ffffL) << 16;
    }

    private static long highPairs(long a, long b) {
        return (a >>> 16 & 0x0000ffff0000ffffL) | (b & 0xffff0000ffff0000L);
    }

    private static long lowBytes(long a, long b) {
        return (a & 0x00ff00ff00ff00ffL) | (b & 0x00ff00ff00ff00ffL) << 8;
    }

    private static long highBytes(long a, long b) {
        return (a >>> 8 & 0x00ff00ff00ff00ffL) | (b & 0xff00ff00ff00ff00L);
    }
}
