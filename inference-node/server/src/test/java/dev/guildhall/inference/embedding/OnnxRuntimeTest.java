package dev.guildhall.inference.embedding;

import static org.assertj.core.api.Assertions.assertThat;

import ai.onnxruntime.OrtEnvironment;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OnnxRuntimeTest {

    /** From 1.29 on the official libraries report to their maker: sessions, models' names and hashes, errors. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "linux-x64/libonnxruntime.so",
                "linux-aarch64/libonnxruntime.so",
                "osx-aarch64/libonnxruntime.dylib"
            })
    void librariesHoldNoTelemetry(String library) throws IOException {
        try (InputStream bytes = OrtEnvironment.class.getResourceAsStream("/ai/onnxruntime/native/" + library)) {
            assertThat(bytes).isNotNull();
            String content = new String(bytes.readAllBytes(), StandardCharsets.ISO_8859_1);
            assertThat(content.contains("OneCollector") || content.contains("events.data.microsoft"))
                    .describedAs("%s knows an address to report to; nothing may leave the building", library)
                    .isFalse();
        }
    }
}
