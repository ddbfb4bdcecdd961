package dev.guildhall.engine.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.guildhall.engine.tensor.Tensor;
import dev.guildhall.engine.tensor.TensorType;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class RowReaderTest {

    /** By the definition: sign, four bits of exponent with a bias of 7, three of fraction; subnormal where the exponent is 0, no number where all bits are set. */
    @Test
    void unpacksEightBitFloats() {
        byte[] bytes = new byte[256];
        for (int code = 0; code < 256; code++) {
            bytes[code] = (byte) code;
        }
        float[] values = new float[256];
        Tensor scale = Tensor.ofFloats("scale", new float[] {2}, 1);
        new RowReader(new Tensor("sample", TensorType.F8_E4M3, List.of(256L), MemorySegment.ofArray(bytes), scale))
                .read(0, values, 0);
        for (int code = 0; code < 256; code++) {
            int exponent = code >> 3 & 15;
            double fraction = (code & 7) / 8.0 + (exponent == 0 ? 0 : 1);
            double value = (code < 128 ? 2 : -2) * fraction * Math.pow(2, Math.max(exponent, 1) - 7);
            if ((code & 127) == 127) {
                value = Double.NaN;
            }
            assertThat((double) values[code]).as("code %d", code).isEqualTo(Double.valueOf(value));
        }
    }

    @Test
    void scalesSquaresOfAMatrix() {
        byte[] ones = new byte[200 * 300];
        Arrays.fill(ones, (byte) (7 << 3));
        Tensor scales = Tensor.ofFloats("scales", new float[] {1, 2, 3, 4, 5, 6}, 3, 2);
        Tensor matrix =
                new Tensor("sample", TensorType.F8_E4M3, List.of(300L, 200L), MemorySegment.ofArray(ones), scales);
        float[] row = new float[300];
        new RowReader(matrix).read(127, row, 0);
        assertThat(row[127]).isEqualTo(1);
        assertThat(row[128]).isEqualTo(2);
        assertThat(row[299]).isEqualTo(3);
        new RowReader(matrix.slice(128, 72)).read(0, row, 0);
        assertThat(row[0]).isEqualTo(4);
        assertThat(row[299]).isEqualTo(6);
    }

    @Test
    void unpacksEveryTypeAsTheReferenceDoes() {
        JsonNode golden = JsonMapper.shared().readTree(Path.of("src/test/resources/golden/dequantization.json"));
        // f32 is what numbers are unpacked to; the eight-bit floats have a test of their own.
        assertThat(golden.size()).isEqualTo(TensorType.values().length - 2);
        for (Map.Entry<String, JsonNode> sample : golden.properties()) {
            TensorType type = TensorType.valueOf(sample.getKey());
            assertThat(type.id()).isEqualTo(sample.getValue().get("ggmlType").asInt());
            byte[] bytes =
                    HexFormat.of().parseHex(sample.getValue().get("bytes").asString());
            JsonNode expected = sample.getValue().get("values");
            Tensor tensor =
                    new Tensor(type.name(), type, List.of((long) expected.size()), MemorySegment.ofArray(bytes));

            float[] values = new float[expected.size()];
            new RowReader(tensor).read(0, values, 0);

            for (int i = 0; i < values.length; i++) {
                double value = expected.get(i).asDouble();
                assertThat((double) values[i]).as("%s[%d]", type, i).isCloseTo(value, within(1e-6 * Math.abs(value)));
            }
        }
    }
}
