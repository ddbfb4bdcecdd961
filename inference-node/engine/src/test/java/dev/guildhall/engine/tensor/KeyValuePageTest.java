package dev.guildhall.engine.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.data.Offset.offset;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class KeyValuePageTest {

    private static final List<KeyValueShape> SHAPES = List.of(
            new KeyValueShape(2, 128, 128, false),
            new KeyValueShape(1, 576, 512, true),
            new KeyValueShape(3, 40, 24, false),
            new KeyValueShape(1, 8, 8, false));

    private static float[] rows(int count, int seed) {
        Random random = new Random(seed);
        float[] rows = new float[count];
        for (int i = 0; i < count; i++) {
            rows[i] = (float) random.nextGaussian();
        }
        return rows;
    }

    @ParameterizedTest
    @EnumSource
    void givesBackWhatWasWritten(KeyValueType type) {
        for (KeyValueShape shape : SHAPES) {
            float[] keys = rows(2 * shape.keysSize(), 1);
            float[] values = rows(2 * shape.valuesSize(), 2);
            KeyValuePage page = type.newPage(shape);
            page.write(63, keys, values, 1);
            page.write(0, keys, values, 0);
            KeyValuePage copy = type.newPage(shape);
            copy.copy(page);
            // Half a step of the largest, which is below 5 here.
            double tolerance = type == KeyValueType.F32 ? 0 : 5 / 127.0 / 2;
            for (int head = 0; head < shape.heads(); head++) {
                for (int i = 0; i < shape.keySize(); i++) {
                    float key = keys[shape.keysSize() + head * shape.keySize() + i];
                    assertThat(copy.key(head, i, 63)).isCloseTo(key, offset((float) tolerance));
                }
                for (int i = 0; i < shape.valueSize(); i++) {
                    float value = shape.valuesInKeys()
                            ? keys[head * shape.keySize() + i]
                            : values[head * shape.valueSize() + i];
                    assertThat(copy.value(head, i, 0)).isCloseTo(value, offset((float) tolerance));
                }
            }
        }
    }

    @Test
    void keepsZerosAndReportsWhatIsNoNumber() {
        KeyValuePage page = KeyValueType.Q8.newPage(new KeyValueShape(1, 8, 8, false));
        page.write(0, new float[8], new float[8], 0);
        assertThat(page.key(0, 3, 0)).isZero();
        float[] damaged = {1, 2, Float.NaN, 4, 5, 6, 7, 8};
        page.write(0, damaged, damaged, 0);
        assertThat(page.key(0, 2, 0)).isNaN();
        assertThat(page.value(0, 2, 0)).isNaN();
    }

    @Test
    void bytesTakeLittleMoreThanAQuarter() {
        KeyValueShape shape = new KeyValueShape(2, 128, 128, false);
        assertThat(KeyValueType.F32.bytes(shape)).isEqualTo(2 * 2 * 128 * 4);
        assertThat(KeyValueType.Q8.bytes(shape)).isEqualTo(2 * 2 * (128 + 2 * 4));
        // Latent attention: values are in the keys.
        assertThat(KeyValueType.F32.bytes(new KeyValueShape(1, 576, 512, true))).isEqualTo(576 * 4);
    }
}
