package dev.guildhall.inference.embedding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.guildhall.inference.embedding.TextEmbeddings.Embedding;
import dev.guildhall.inference.embedding.TextEmbeddings.Wish;
import dev.guildhall.inference.problem.ApiException;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Embeddings by a decoder: a tiny random Qwen3, and what transformers computes with it. */
class DecoderEmbeddingTest {

    private static final Path GOLDEN = Path.of("../engine/src/test/resources/golden");
    private static final String MODEL = GOLDEN.resolve("qwen3-tied-q8.gguf").toString();

    private final TextEmbeddings embeddings = embeddings(MODEL);

    @AfterEach
    void close() {
        embeddings.close();
    }

    private static TextEmbeddings embeddings(String model) {
        return new TextEmbeddings(
                new EmbeddingSettings(model, 2, 100, 8, 4096, Duration.ofSeconds(10), Path.of("target/native")),
                new SimpleMeterRegistry());
    }

    @Test
    void embedsAsTheReferenceDoes() throws IOException {
        assertThat(embeddings.modelName()).isEqualTo("qwen3-tied-q8");
        JsonNode expected = golden().get(0);
        String text = expected.get("text").asString();
        assertVector(embed(text, null, null), expected.get("vector"));
        assertVector(embed(text, 24, null), expected.get("short"));
    }

    @Test
    void writesTheInstructionBeforeAQuestion() throws IOException {
        JsonNode expected = golden().get(1);
        Embedding question = embed("where is the total printed?", null, "Given a question, find the line");
        assertVector(question, expected.get("vector"));
        assertThat(question.tokens()).isEqualTo(expected.get("tokens").size());
    }

    @Test
    void refusesDimensionsThatTheModelDoesNotMake() {
        assertThatThrownBy(() -> embed("x", 65, null))
                .isInstanceOf(ApiException.class)
                .hasMessage("'qwen3-tied-q8' makes 1 to 64 dimensions, not 65");
        assertThatThrownBy(() -> embed("x", 0, null)).hasMessageContaining("1 to 64 dimensions, not 0");
    }

    @Test
    void readsTheFirstTokensAndTheEndWhereAskedTo() {
        String text = "x ".repeat(400);
        assertThatThrownBy(() -> embed(text, null, null)).hasMessageContaining("and qwen3-tied-q8 reads 100");
        assertThat(embeddings.embed(0, text, new Wish(null, null, true)).tokens())
                .isEqualTo(100);
    }

    @Test
    void saysWhyAModelCannotBeServed() {
        TextEmbeddings mixture =
                embeddings(GOLDEN.resolve("deepseek-joined-q8.gguf").toString());
        assertThatThrownBy(() -> mixture.embed(0, "x", new Wish(null, null, false)))
                .isInstanceOf(ApiException.class)
                .hasMessageContaining("deepseek-joined-q8 cannot be served: ")
                .hasMessageContaining("tokenizer.ggml.model is missing");
    }

    private Embedding embed(String text, @Nullable Integer dimensions, @Nullable String instruction) {
        return embeddings.embed(0, text, new Wish(dimensions, instruction, false));
    }

    private static JsonNode golden() throws IOException {
        return JsonMapper.shared().readTree(GOLDEN.resolve("qwen3-tied-q8.embedding.expected.json"));
    }

    private static void assertVector(Embedding actual, JsonNode expected) {
        assertThat(actual.vector()).hasSize(expected.size());
        for (int i = 0; i < expected.size(); i++) {
            assertThat(actual.vector()[i]).isCloseTo(expected.get(i).floatValue(), within(1e-5f));
        }
    }
}
