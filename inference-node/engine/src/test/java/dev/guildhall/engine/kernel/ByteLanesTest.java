package dev.guildhall.engine.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ByteLanesTest {

    private final byte[] bytes = new byte[8];

    @Test
    void spreadsEveryPatternOfBits() {
        for (int pattern = 0; pattern < 256; pattern++) {
            ByteLanes.put(bytes, 0, ByteLanes.spread(pattern));
            for (int i = 0; i < 8; i++) {
                assertThat(bytes[i]).isEqualTo((byte) (pattern >> i & 1));
            }
        }
    }

    @Test
    void subtractsWithinEachByte() {
        byte[] values = {0, 1, 31, 32, 33, 63, 0, 127};
        ByteLanes.put(bytes, 0, ByteLanes.subtract(ByteLanes.get(values, 0), 32));
        assertThat(bytes).containsExactly(-32, -31, -1, 0, 1, 31, -32, 95);
    }

    @Test
    void packsTwoColumnsToAByteTheFirstOneLow() {
        byte[] codes = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 3, 1, 4, 1, 5, 9, 2, 6};
        byte[] packed = new byte[24];
        ByteLanes.pack(codes, 24, 8, 4, packed);
        assertThat(Arrays.copyOf(packed, 16))
                .containsExactly(0x10, 0x98, 0x32, 0xba, 0x54, 0xdc, 0x76, 0xfe, 0x13, 0, 0x14, 0, 0x95, 0, 0x62, 0);
    }

    @Test
    void packsFifthBitsInAPlaneBeforeTheNibbles() {
        byte[] codes = {0, 16, 0, 0, 31, 0, 0, 0, 1, 2, 3, 4, 21, 6, 7, 24};
        byte[] packed = new byte[18];
        ByteLanes.pack(codes, 16, 8, 5, packed);
        assertThat(Arrays.copyOf(packed, 10))
                .containsExactly(0b00010010, 0b10010000, 0x00, 0x21, 0x00, 0x43, 0x0f, 0x65, 0x00, 0x87);
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 3, 4, 5})
    void packsRowsOfPairs(int bits) {
        byte[] codes = new byte[256];
        for (int i = 0; i < codes.length; i++) {
            codes[i] = (byte) (i * 19 % (1 << bits));
        }
        byte[] packed = new byte[codes.length * bits / 8 + 8];
        ByteLanes.pack(codes, 128, 32, bits, packed);
        int low = bits < 4 ? 2 : 4;
        int high = bits - low;
        for (int i = 0; i < codes.length; i++) {
            int column = i % 8;
            int group = i / 32 % 2;
            int eight = (i / 64 * 4 + i % 32 / 8) * 2 * bits;
            int code = part(packed, eight + group + 2 * high, low, column);
            if (high > 0) {
                code |= part(packed, eight + group, high, column) << low;
            }
            assertThat(code).as("code %d", i).isEqualTo(codes[i]);
        }
    }

    /** Bits of a column where {@code bits} of each lie together, in every second byte. */
    private static int part(byte[] packed, int at, int bits, int column) {
        int perByte = 8 / bits;
        return packed[at + column / perByte * 2] >> (column % perByte * bits) & ((1 << bits) - 1);
    }

    @Test
    void transposesEightRowsOfAnyLength() {
        int columns = 40;
        int step = 32;
        byte[] rows = new byte[8 * columns];
        new Random(1).nextBytes(rows);
        byte[] panel = new byte[16 + columns * step];

        ByteLanes.transpose(rows, columns, panel, 16, step);

        for (int row = 0; row < 8; row++) {
            for (int column = 0; column < columns; column++) {
                assertThat(panel[16 + column * step + row]).isEqualTo(rows[row * columns + column]);
            }
        }
    }
}
