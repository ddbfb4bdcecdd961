package dev.guildhall.engine.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

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
    void packsTwoGroupsToAByteTheFirstOneLow() {
        byte[] codes = new byte[2 * 24];
        for (int i = 0; i < codes.length; i++) {
            codes[i] = (byte) (i % 16);
        }
        ByteLanes.packNibbles(codes, 24, 8);
        assertThat(codes).startsWith(0x80, 0x91, 0xa2, 0xb3, 0xc4, 0xd5, 0xe6, 0xf7, 0, 1, 2, 3, 4, 5, 6, 7);
        assertThat(Arrays.copyOfRange(codes, 16, 32))
                .containsExactly(0x08, 0x19, 0x2a, 0x3b, 0x4c, 0x5d, 0x6e, 0x7f, 8, 9, 10, 11, 12, 13, 14, 15);
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
