package dev.guildhall.engine.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.guildhall.engine.tensor.Tensor;
import dev.guildhall.engine.tensor.TensorType;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class RowReaderTest {

    @Test
    void unpacksEveryTypeAsTheReferenceDoes() {
        JsonNode golden = JsonMapper.shared().readTree(Path.of("src/test/resources/golden/dequantization.json"));
        assertThat(golden.size()).isEqualTo(TensorType.values().length - 1);
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
                assertThat((double) values[i])
                        .as("%s[%d]", type, i)
                        .isCloseTo(value, within(1e-6 + 1e-6 * Math.abs(value)));
            }
        }
    }
}
