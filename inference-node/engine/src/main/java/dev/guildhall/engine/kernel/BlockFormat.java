package dev.guildhall.engine.kernel;

import dev.guildhall.engine.tensor.TensorType;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;

/**
 * How a quantized type spells a row: small integer codes, and per group of columns a scale and maybe an offset.
 *
 * <pre>
 * simple types: w = scale[group] · (number(code) - zeroPoint) + offset[group]
 * K types:      w = scale[block] · innerScale[group] · (code - zeroPoint) - offset[block] · innerOffset[group]
 * </pre>
 *
 * @param type what is described
 * @param groupColumns columns that share a scale
 * @param codeBits 2 to 5 when codes count from 0, 8 when they are signed bytes
 * @param numbers what codes stand for
 * @param zeroPoint subtracted from a code before it is scaled; 0 for signed bytes
 * @param offsets whether the file holds offsets
 * @param wideScales whether scales are bf16, for their exponents, and not f16
 * @param groupsPerBlock groups under one outer scale; more than one only in the K types
 * @param reader takes one block apart
 */
record BlockFormat(
        TensorType type,
        int groupColumns,
        int codeBits,
        Numbers numbers,
        int zeroPoint,
        boolean offsets,
        boolean wideScales,
        int groupsPerBlock,
        BlockReader reader) {

    /** What codes stand for, in units of the scale. */
    static final class Numbers {

        /** Themselves. */
        static final Numbers COUNTED = new Numbers();

        /** The 16 of IQ4_NL. */
        static final Numbers UNEVEN =
                new Numbers(-127, -104, -83, -65, -49, -35, -22, -10, 1, 13, 25, 38, 53, 69, 89, 113);

        /** The 16 of MXFP4, doubled, so that they are whole: a sign, two bits of exponent, one of fraction. */
        static final Numbers DOUBLED = new Numbers(0, 1, 2, 3, 4, 6, 8, 12, 0, -1, -2, -3, -4, -6, -8, -12);

        private static final int TABLE_COPIES = 4;

        private final byte[] table;

        private Numbers(int... numbers) {
            table = new byte[numbers.length * TABLE_COPIES];
            for (int i = 0; i < table.length; i++) {
                table[i] = (byte) numbers[i % numbers.length];
            }
        }

        /** {@code [code]}, repeated as often as fits the longest vector; empty where codes stand for themselves. */
        byte[] table() {
            return table;
        }

        byte of(byte code) {
            return table.length == 0 ? code : table[code];
        }
    }

    private static final Map<TensorType, BlockFormat> FORMATS = new EnumMap<>(TensorType.class);

    static {
        add(new BlockFormat(TensorType.Q4_0, 32, 4, Numbers.COUNTED, 8, false, false, 1, BlockFormat::readQ4_0));
        add(new BlockFormat(TensorType.Q4_1, 32, 4, Numbers.COUNTED, 0, true, false, 1, BlockFormat::readQ4_1));
        add(new BlockFormat(TensorType.Q5_0, 32, 5, Numbers.COUNTED, 16, false, false, 1, BlockFormat::readQ5_0));
        add(new BlockFormat(TensorType.Q5_1, 32, 5, Numbers.COUNTED, 0, true, false, 1, BlockFormat::readQ5_1));
        add(new BlockFormat(TensorType.Q8_0, 32, 8, Numbers.COUNTED, 0, false, false, 1, BlockFormat::readQ8_0));
        add(new BlockFormat(TensorType.IQ4_NL, 32, 4, Numbers.UNEVEN, 0, false, false, 1, BlockFormat::readQ4_0));
        add(new BlockFormat(TensorType.MXFP4, 32, 4, Numbers.DOUBLED, 0, false, true, 1, BlockFormat::readMXFP4));
        add(new BlockFormat(TensorType.Q2_K, 16, 2, Numbers.COUNTED, 0, true, false, 16, BlockFormat::readQ2K));
        add(new BlockFormat(TensorType.Q3_K, 16, 3, Numbers.COUNTED, 4, false, false, 16, BlockFormat::readQ3K));
        add(new BlockFormat(TensorType.Q4_K, 32, 4, Numbers.COUNTED, 0, true, false, 8, BlockFormat::readQ4K));
        add(new BlockFormat(TensorType.Q5_K, 32, 5, Numbers.COUNTED, 0, true, false, 8, BlockFormat::readQ5K));
        add(new BlockFormat(TensorType.Q6_K, 16, 8, Numbers.COUNTED, 0, false, false, 16, BlockFormat::readQ6K));
    }

    /** Writes the codes and scales of the block that starts at {@code raw[at]} to place {@code block} of {@code row}. */
    @FunctionalInterface
    interface BlockReader {
        void read(byte[] raw, int at, RowCodes row, int block);
    }

    private static void add(BlockFormat format) {
        FORMATS.put(format.type, format);
    }

    /** Empty for types that are plain numbers. */
    static Optional<BlockFormat> of(TensorType type) {
        return Optional.ofNullable(FORMATS.get(type));
    }

    /** What codes and scales of so many elements take. */
    long bytes(long elements) {
        long groups = elements / groupColumns;
        long perNumber = 1L + (offsets ? 1 : 0);
        long inner = nested() ? perNumber * groups : 0;
        return elements * codeBits / 8 + inner + 2 * perNumber * (groups / groupsPerBlock);
    }

    boolean nested() {
        return groupsPerBlock > 1;
    }

    /** Whether codes are nibbles that kernels take as they are; other codes of few bits are first given a byte each. */
    boolean plainNibbles() {
        return codeBits == 4 && numbers == Numbers.COUNTED;
    }

    /** Whether offsets, or zero points of plain nibbles, are added to {@code scale · code}; other zero points are taken off codes. */
    boolean shifted() {
        return offsets || (zeroPoint != 0 && plainNibbles());
    }

    // The layouts below are those of ggml-common.h; all numbers are little-endian.

    /** f16 scale, 16 bytes: low nibbles are columns 0 to 15, high nibbles 16 to 31. */
    private static void readQ4_0(byte[] raw, int at, RowCodes row, int block) {
        row.scales[block] = half(raw, at);
        splitNibbles(raw, at + 2, row.codes, block * 32, 16);
    }

    /** f16 scale, f16 offset, 16 bytes of nibbles. */
    private static void readQ4_1(byte[] raw, int at, RowCodes row, int block) {
        row.scales[block] = half(raw, at);
        row.offsets[block] = half(raw, at + 2);
        splitNibbles(raw, at + 4, row.codes, block * 32, 16);
    }

    /** f16 scale, 32 fifth bits, 16 bytes of nibbles. */
    private static void readQ5_0(byte[] raw, int at, RowCodes row, int block) {
        row.scales[block] = half(raw, at);
        readFiveBits(raw, at + 2, row.codes, block * 32);
    }

    /** f16 scale, f16 offset, 32 fifth bits, 16 bytes of nibbles. */
    private static void readQ5_1(byte[] raw, int at, RowCodes row, int block) {
        row.scales[block] = half(raw, at);
        row.offsets[block] = half(raw, at + 2);
        readFiveBits(raw, at + 4, row.codes, block * 32);
    }

    /** f16 scale, 32 signed bytes. */
    private static void readQ8_0(byte[] raw, int at, RowCodes row, int block) {
        row.scales[block] = half(raw, at);
        System.arraycopy(raw, at + 2, row.codes, block * 32, 32);
    }

    /** A power of two as its exponent, from 2^-127, 16 bytes of nibbles. */
    private static void readMXFP4(byte[] raw, int at, RowCodes row, int block) {
        int exponent = raw[at] & 255;
        // Half of it, since the numbers are doubled; the smallest two have no normal number.
        row.scales[block] = (short) (exponent < 2 ? 0x20 << exponent : (exponent - 1) << 7);
        splitNibbles(raw, at + 1, row.codes, block * 32, 16);
    }

    /** 16 bytes of 4-bit inner scales (low) and offsets, 64 bytes of bit pairs, f16 scale, f16 offset. */
    private static void readQ2K(byte[] raw, int at, RowCodes row, int block) {
        for (int group = 0; group < 16; group++) {
            row.innerScales[block * 16 + group] = (byte) low(raw[at + group]);
            row.innerOffsets[block * 16 + group] = (byte) high(raw[at + group]);
        }
        for (int i = 0; i < 64; i += ByteLanes.COUNT) {
            long pairs = ByteLanes.get(raw, at + 16 + i);
            int column = block * 256 + i / 32 * 128 + i % 32;
            for (int part = 0; part < 4; part++) {
                ByteLanes.put(row.codes, column + 32 * part, ByteLanes.bits(pairs, 2 * part, 3));
            }
        }
        row.scales[block] = half(raw, at + 80);
        row.offsets[block] = half(raw, at + 82);
    }

    /**
     * 32 bytes of third bits (bit {@code g} of byte {@code i} belongs to column {@code 32 g + i}), 64 bytes of bit pairs, 12 bytes
     * of 6-bit inner scales that count from -32, f16 scale; codes count from -4.
     */
    private static void readQ3K(byte[] raw, int at, RowCodes row, int block) {
        for (int i = 0; i < 64; i += ByteLanes.COUNT) {
            long pairs = ByteLanes.get(raw, at + 32 + i);
            long thirds = ByteLanes.get(raw, at + i % 32);
            int column = block * 256 + i / 32 * 128 + i % 32;
            for (int part = 0; part < 4; part++) {
                long third = ByteLanes.bits(thirds, i / 32 * 4 + part, 1);
                ByteLanes.put(row.codes, column + 32 * part, ByteLanes.bits(pairs, 2 * part, 3) | third << 2);
            }
        }
        int packed = at + 96;
        for (int group = 0; group < 16; group++) {
            int low = group < 8 ? low(raw[packed + group]) : high(raw[packed + group - 8]);
            int high = pair(raw[packed + 8 + group % 4], group / 4);
            row.innerScales[block * 16 + group] = (byte) (low + 16 * high - 32);
        }
        row.scales[block] = half(raw, at + 108);
    }

    /** f16 scale, f16 offset, 12 bytes of 6-bit inner scales and offsets, 128 bytes of nibbles. */
    private static void readQ4K(byte[] raw, int at, RowCodes row, int block) {
        readOuterAndInner(raw, at, row, block);
        for (int half = 0; half < 4; half++) {
            splitNibbles(raw, at + 16 + half * 32, row.codes, block * 256 + half * 64, 32);
        }
    }

    /** As Q4_K with 32 bytes of fifth bits before the nibbles: bit {@code g} of byte {@code i} belongs to group {@code g}. */
    private static void readQ5K(byte[] raw, int at, RowCodes row, int block) {
        readOuterAndInner(raw, at, row, block);
        for (int half = 0; half < 4; half++) {
            for (int i = 0; i < 32; i += ByteLanes.COUNT) {
                long nibbles = ByteLanes.get(raw, at + 48 + half * 32 + i);
                long fifths = ByteLanes.get(raw, at + 16 + i);
                int column = block * 256 + half * 64 + i;
                ByteLanes.put(row.codes, column, lowNibbles(nibbles) | ByteLanes.bits(fifths, 2 * half, 1) << 4);
                ByteLanes.put(
                        row.codes, column + 32, highNibbles(nibbles) | ByteLanes.bits(fifths, 2 * half + 1, 1) << 4);
            }
        }
    }

    /** 128 bytes of low nibbles, 64 bytes of high bit pairs, 16 signed inner scales, f16 scale; codes count from -32. */
    private static void readQ6K(byte[] raw, int at, RowCodes row, int block) {
        for (int half = 0; half < 2; half++) {
            int low = at + half * 64;
            int high = at + 128 + half * 32;
            int column = block * 256 + half * 128;
            for (int i = 0; i < 32; i += ByteLanes.COUNT) {
                long first = ByteLanes.get(raw, low + i);
                long second = ByteLanes.get(raw, low + 32 + i);
                long pairs = ByteLanes.get(raw, high + i);
                putSixBits(lowNibbles(first), pairs, 0, row.codes, column + i);
                putSixBits(lowNibbles(second), pairs, 2, row.codes, column + 32 + i);
                putSixBits(highNibbles(first), pairs, 4, row.codes, column + 64 + i);
                putSixBits(highNibbles(second), pairs, 6, row.codes, column + 96 + i);
            }
        }
        System.arraycopy(raw, at + 192, row.innerScales, block * 16, 16);
        row.scales[block] = half(raw, at + 208);
    }

    /**
     * The 6-bit numbers of Q4_K and Q5_K: groups 0 to 3 have theirs in the low six bits of bytes 0 to 3 (scales) and 4 to 7
     * (offsets); groups 4 to 7 take four bits of bytes 8 to 11 and the two high bits of the bytes before.
     */
    private static void readOuterAndInner(byte[] raw, int at, RowCodes row, int block) {
        row.scales[block] = half(raw, at);
        row.offsets[block] = half(raw, at + 2);
        int packed = at + 4;
        for (int i = 0; i < 4; i++) {
            int group = block * 8 + i;
            row.innerScales[group] = (byte) (raw[packed + i] & 63);
            row.innerOffsets[group] = (byte) (raw[packed + 4 + i] & 63);
            row.innerScales[group + 4] = (byte) (low(raw[packed + 8 + i]) + 16 * pair(raw[packed + i], 3));
            row.innerOffsets[group + 4] = (byte) (high(raw[packed + 8 + i]) + 16 * pair(raw[packed + 4 + i], 3));
        }
    }

    private static void splitNibbles(byte[] raw, int at, byte[] codes, int column, int count) {
        for (int i = 0; i < count; i += ByteLanes.COUNT) {
            long nibbles = ByteLanes.get(raw, at + i);
            ByteLanes.put(codes, column + i, lowNibbles(nibbles));
            ByteLanes.put(codes, column + count + i, highNibbles(nibbles));
        }
    }

    /** 4 bytes of fifth bits, 16 bytes of nibbles. */
    private static void readFiveBits(byte[] raw, int at, byte[] codes, int column) {
        for (int i = 0; i < 16; i += ByteLanes.COUNT) {
            long nibbles = ByteLanes.get(raw, at + 4 + i);
            long first = lowNibbles(nibbles) | ByteLanes.spread(raw[at + i / 8]) << 4;
            long second = highNibbles(nibbles) | ByteLanes.spread(raw[at + 2 + i / 8]) << 4;
            ByteLanes.put(codes, column + i, first);
            ByteLanes.put(codes, column + 16 + i, second);
        }
    }

    private static void putSixBits(long nibbles, long pairs, int shift, byte[] codes, int column) {
        ByteLanes.put(codes, column, ByteLanes.subtract(nibbles | ByteLanes.bits(pairs, shift, 3) << 4, 32));
    }

    private static long lowNibbles(long nibbles) {
        return ByteLanes.bits(nibbles, 0, 15);
    }

    private static long highNibbles(long nibbles) {
        return ByteLanes.bits(nibbles, 4, 15);
    }

    private static int low(int value) {
        return value & 15;
    }

    private static int high(int value) {
        return (value >> 4) & 15;
    }

    /** One of the four pairs of bits of a byte. */
    private static int pair(int value, int index) {
        return (value >> (2 * index)) & 3;
    }

    private static short half(byte[] raw, int at) {
        return (short) ((raw[at] & 255) | (raw[at + 1] << 8));
    }
}
