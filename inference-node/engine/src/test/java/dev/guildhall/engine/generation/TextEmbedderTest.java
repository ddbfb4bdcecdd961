package dev.guildhall.engine.generation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.guildhall.engine.format.GgufWriter;
import dev.guildhall.engine.format.ModelFormatException;
import dev.guildhall.engine.model.Backend;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Texts and their vectors as transformers makes them. */
class TextEmbedderTest {

    private static final Path DIRECTORY = Path.of("src/test/resources/golden");
    private static final Path MODEL = DIRECTORY.resolve("qwen3-tied-q8.gguf");
    private static final int SHORT = 24;

    @TempDir
    private Path directory;

    @ParameterizedTest
    @EnumSource
    void vectorsAreThoseOfTransformers(Backend backend) throws IOException {
        assertVectorsOfTransformers(MODEL, backend);
    }

    @ParameterizedTest
    @EnumSource
    void aDirectoryOfTheHubMakesTheSameVectors(Backend backend) throws IOException {
        assertVectorsOfTransformers(HubCopy.write(MODEL, directory), backend);
        Files.createDirectories(directory.resolve("1_Pooling"));
        Path pooling = directory.resolve("1_Pooling/config.json");
        Files.writeString(pooling, "{\"pooling_mode_mean_tokens\":false,\"pooling_mode_lasttoken\":true}");
        TextEmbedder.load(directory, backend, 1).close();
        Files.writeString(pooling, "{\"pooling_mode\":\"lasttoken\"}");
        TextEmbedder.load(directory, backend, 1).close();
        Files.writeString(pooling, "{\"pooling_mode_mean_tokens\":true,\"pooling_mode_lasttoken\":false}");
        assertThatThrownBy(() -> TextEmbedder.load(directory, backend, 1))
                .isInstanceOf(ModelFormatException.class)
                .hasMessageContaining("config.json: its vectors are not the last token's state");
    }

    @Test
    void readsNoChatTemplate() throws IOException {
        HubCopy.write(MODEL, directory);
        Files.writeString(directory.resolve("chat_template.jinja"), "{% if");
        TextEmbedder.load(directory, Backend.VECTOR, 1).close();
    }

    @Test
    void refusesAFileThatPoolsInAnotherWay() throws IOException {
        Path file = directory.resolve("model.gguf");
        Map<String, Object> metadata = Map.of("general.architecture", "qwen3", "qwen3.pooling_type", 1L);
        try (GgufWriter writer = new GgufWriter(file, metadata, List.of())) {
            writer.finish();
        }
        assertThatThrownBy(() -> TextEmbedder.load(file, Backend.VECTOR, 1))
                .isInstanceOf(ModelFormatException.class)
                .hasMessageContaining("qwen3.pooling_type is 1; the engine knows 3 (the last token)");
    }

    private static void assertVectorsOfTransformers(Path model, Backend backend) throws IOException {
        JsonNode cases = JsonMapper.shared().readTree(DIRECTORY.resolve("qwen3-tied-q8.embedding.expected.json"));
        try (TextEmbedder embedder = TextEmbedder.load(model, backend, 2)) {
            assertThat(cases.size()).isGreaterThan(2);
            for (JsonNode expected : cases) {
                int[] tokens = embedder.tokens(expected.get("text").stringValue());
                assertThat(tokens)
                        .containsExactly(expected.get("tokens")
                                .valueStream()
                                .mapToInt(JsonNode::asInt)
                                .toArray());
                assertClose(embedder.embed(tokens, embedder.dimension()), expected.get("vector"));
                assertClose(embedder.embed(tokens, SHORT), expected.get("short"));
            }
        }
    }

    private static void assertClose(float[] actual, JsonNode expected) {
        assertThat(actual).hasSize(expected.size());
        double squares = 0;
        for (int i = 0; i < actual.length; i++) {
            assertThat(actual[i]).as("element %d", i).isCloseTo(expected.get(i).floatValue(), within(1e-5f));
            squares += actual[i] * actual[i];
        }
        assertThat(squares).isCloseTo(1, within(1e-6));
    }

    @Test
    void asksAsTheModelsWereTrainedToBeAsked() {
        assertThat(TextEmbedder.query("find the line", "where?")).isEqualTo("Instruct: find the line\nQuery:where?");
    }

    @Test
    void refusesWhatItCannotDo() throws IOException {
        try (TextEmbedder embedder = TextEmbedder.load(MODEL, Backend.VECTOR, 1)) {
            assertThat(embedder.dimension()).isEqualTo(64);
            int[] tokens = embedder.tokens("");
            assertThat(tokens).hasSize(1);
            assertThatThrownBy(() -> embedder.embed(tokens, 65))
                    .hasMessage("65 dimensions cannot be had; 1 to 64 are possible");
            assertThatThrownBy(() -> embedder.embed(tokens, 0))
                    .hasMessage("0 dimensions cannot be had; 1 to 64 are possible");
            assertThatThrownBy(() -> embedder.embed(new int[129], 64))
                    .hasMessage("129 tokens cannot be embedded; 1 to 128 are possible");
        }
    }

    @Test
    void refusesVocabulariesWithoutTheEndThatItWasTrainedWith() throws IOException {
        String bytes = Files.readString(MODEL, StandardCharsets.ISO_8859_1);
        Path file = Files.writeString(
                directory.resolve("model.gguf"),
                bytes.replace("<|endoftext|>", "<|endoftaxt|>"),
                StandardCharsets.ISO_8859_1);
        assertThatThrownBy(() -> TextEmbedder.load(file, Backend.VECTOR, 1))
                .isInstanceOf(ModelFormatException.class)
                .hasMessageContaining("its vocabulary has no <|endoftext|>, which ends texts");
    }
}
