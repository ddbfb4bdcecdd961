package dev.guildhall.engine.kernel;

import static org.assertj.core.api.Assertions.assertThat;

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
    void packsTwoCodesToAByteTheEvenOneLow() {
        byte[] codes = {1, 2, 3, 4, 15, 0, 0, 15, 9, 8, 7, 6, 5, 4, 3, 2};
        ByteLanes.packNibbles(codes, codes.length);
        assertThat(codes).startsWith(0x21, 0x43, 0x0f, 0xf0, 0x89, 0x67, 0x45, 0x23);
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
