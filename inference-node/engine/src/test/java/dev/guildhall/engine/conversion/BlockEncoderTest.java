package dev.guildhall.engine.conversion;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.guildhall.engine.kernel.RowReader;
import dev.guildhall.engine.tensor.Tensor;
import dev.guildhall.engine.tensor.TensorType;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Against the reference: make_quantization_goldens.py made its part. */
class BlockEncoderTest {

    private static final int ROWS = 64;
    private static final int COLUMNS = 1024;
    private static final JsonNode GOLDEN =
            JsonMapper.shared().readTree(Path.of("src/test/resources/golden/quantization.json"));

    @Test
    void packsSimpleTypesAsTheReferenceDoes() {
        float[] row = Arrays.copyOf(sample(), 256);
        for (Map.Entry<String, JsonNode> golden : GOLDEN.get("bytes").properties()) {
            assertThat(HexFormat.of().formatHex(packed(row, TensorType.valueOf(golden.getKey()))))
                    .as(golden.getKey())
                    .isEqualTo(golden.getValue().asString());
        }
    }

    @Test
    void isAsNearAsTheReference() {
        float[] values = sample();
        for (Map.Entry<String, JsonNode> golden : GOLDEN.get("errors").properties()) {
            TensorType type = TensorType.valueOf(golden.getKey());
            double error = error(values, type);
            assertThat(error)
                    .as(golden.getKey())
                    .isLessThan(1.01 * golden.getValue().doubleValue());
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"F32", "F16", "BF16", "Q4_0", "Q5_0", "Q8_0", "Q4_K", "Q6_K"})
    void keepsZerosAndWhatIsNearThem(TensorType type) {
        for (float value : new float[] {0, 1e-30f}) {
            float[] same = new float[256];
            Arrays.fill(same, value);
            for (float unpacked : unpacked(packed(same, type), type)) {
                assertThat(Math.abs(unpacked)).isLessThan(1e-20f);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"Q4_0", "Q5_0", "Q8_0", "Q4_K", "Q6_K"})
    void keepsOneNumberInAllGroups(TensorType type) {
        for (float value : new float[] {3, -3}) {
            float[] same = new float[256];
            Arrays.fill(same, value);
            for (float unpacked : unpacked(packed(same, type), type)) {
                assertThat(unpacked).isBetween(value - 0.05f, value + 0.05f);
            }
        }
    }

    @Test
    void writesNotEveryType() {
        assertThatThrownBy(() -> BlockEncoder.of(TensorType.Q5_K)).hasMessage("Q5_K can be read, but not written");
    }

    /** As the script has it: sums of four uniform numbers from a linear congruence. */
    private static float[] sample() {
        float[] values = new float[ROWS * COLUMNS];
        long state = 1;
        for (int i = 0; i < values.length; i++) {
            long total = 0;
            for (int part = 0; part < 4; part++) {
                state = state * 6364136223846793005L + 1442695040888963407L;
                total += state >>> 40;
            }
            values[i] = (float) (total / 0x1p24 - 2);
        }
        return values;
    }

    private static double error(float[] values, TensorType type) {
        float[] unpacked = unpacked(packed(values, type), type);
        double sum = 0;
        for (int i = 0; i < values.length; i++) {
            sum += (unpacked[i] - values[i]) * (double) (unpacked[i] - values[i]);
        }
        return Math.sqrt(sum / values.length);
    }

    private static byte[] packed(float[] values, TensorType type) {
        byte[] packed = new byte[(int) type.bytes(values.length)];
        for (int block = 0; block < values.length / type.blockElements(); block++) {
            BlockEncoder.of(type).encode(values, block * type.blockElements(), packed, block * type.blockBytes());
        }
        return packed;
    }

    private static float[] unpacked(byte[] packed, TensorType type) {
        long elements = packed.length / (long) type.blockBytes() * type.blockElements();
        float[] values = new float[(int) elements];
        new RowReader(new Tensor("sample", type, List.of(elements), MemorySegment.ofArray(packed))).read(0, values, 0);
        return values;
    }
}
