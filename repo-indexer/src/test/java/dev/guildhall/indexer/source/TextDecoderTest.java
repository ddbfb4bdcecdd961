package dev.guildhall.indexer.source;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class TextDecoderTest {

    @Test
    void readsEveryUsualEncoding() {
        assertThat(TextDecoder.decode("grün\n".getBytes(StandardCharsets.UTF_8)))
                .contains("grün\n");
        assertThat(TextDecoder.decode("grün\n".getBytes(StandardCharsets.ISO_8859_1)))
                .contains("grün\n");
        assertThat(TextDecoder.decode("\uFEFFgrün".getBytes(StandardCharsets.UTF_8)))
                .contains("grün");
        assertThat(TextDecoder.decode("\uFEFFgrün".getBytes(StandardCharsets.UTF_16LE)))
                .contains("grün");
        assertThat(TextDecoder.decode("\uFEFFgrün".getBytes(StandardCharsets.UTF_16BE)))
                .contains("grün");
    }

    @Test
    void bytesWithNulAreBinary() {
        assertThat(TextDecoder.decode(new byte[] {'a', 0, 'b'})).isEmpty();
    }

    @Test
    void linesEndOneWay() {
        assertThat(TextDecoder.decode("a\r\nb\rc\n".getBytes(StandardCharsets.UTF_8)))
                .contains("a\nb\nc\n");
    }

    @Test
    void namesThatAreNotUtf8AreShownAsGitShowsThem() {
        assertThat(TextDecoder.decodePath("caf\u00e9.txt".getBytes(StandardCharsets.ISO_8859_1)))
                .isEqualTo("caf\\351.txt");
        assertThat(TextDecoder.decodePath("caf\u00e9.txt".getBytes(StandardCharsets.UTF_8)))
                .isEqualTo("caf\u00e9.txt");
    }
}
