package dev.guildhall.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URISyntaxException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class EngineCommandTest {

    private static final Path MODEL = golden("qwen2-tied-f32.gguf");
    private static final JsonNode EXPECTED =
            JsonMapper.shared().readTree(golden("qwen2-tied-f32.expected.json").toFile());

    @TempDir
    private Path directory;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream errors = new ByteArrayOutputStream();

    private static Path golden(String name) {
        try {
            return Path.of(Objects.requireNonNull(EngineCommandTest.class.getResource("/golden/" + name))
                    .toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    private int run(Object... arguments) {
        String[] texts = new String[arguments.length];
        for (int i = 0; i < texts.length; i++) {
            texts[i] = arguments[i].toString();
        }
        return EngineCommand.run(texts, new PrintStream(out), new PrintStream(errors));
    }

    private JsonNode printed() {
        return JsonMapper.shared().readTree(out.toByteArray());
    }

    private Path tokens() throws IOException {
        return Files.writeString(
                directory.resolve("tokens.json"), EXPECTED.get("tokens").toString());
    }

    @ParameterizedTest
    @ValueSource(strings = {"scalar", "vector"})
    void generatesAsTheReferenceDoes(String backend) throws IOException {
        int code = run(
                "generate",
                "--model",
                MODEL,
                "--tokens",
                tokens(),
                "--json",
                "--backend",
                backend,
                "--max-tokens",
                EXPECTED.get("greedy").size(),
                "--threads",
                1);

        assertThat(errors.toString(StandardCharsets.UTF_8)).isEmpty();
        assertThat(code).isZero();
        assertThat(printed().get("tokens")).isEqualTo(EXPECTED.get("greedy"));
        assertThat(printed().get("promptTokens").intValue())
                .isEqualTo(EXPECTED.get("tokens").size());
        assertThat(printed().propertyNames())
                .containsExactly(
                        "tokens",
                        "text",
                        "promptTokens",
                        "prefillTokensPerSecond",
                        "decodeTokensPerSecond",
                        "loadSeconds");
    }

    @Test
    void printsTextAlone() {
        assertThat(run("generate", "--model", MODEL, "--prompt", "return the value", "--max-tokens", 4))
                .isZero();
        assertThat(out.size()).isPositive();
        assertThat(errors.toString(StandardCharsets.UTF_8)).contains("3 prompt tokens");
    }

    @Test
    void scoresAsTheReferenceDoes() throws IOException {
        Path logits = directory.resolve("logits.safetensors");
        assertThat(run("score", "--model", MODEL, "--tokens", tokens(), "--logits", logits))
                .isZero();

        JsonNode rows = EXPECTED.get("logits");
        int vocabulary = rows.get(0).size();
        double sum = 0;
        for (int i = 0; i + 1 < rows.size(); i++) {
            double total = 0;
            for (JsonNode logit : rows.get(i)) {
                total += Math.exp(logit.doubleValue());
            }
            int next = EXPECTED.get("tokens").get(i + 1).intValue();
            double expected = rows.get(i).get(next).doubleValue() - Math.log(total);
            assertThat(printed().get("logprobs").get(i).doubleValue()).isCloseTo(expected, within(1e-3));
            sum += expected;
        }
        assertThat(printed().get("perplexity").doubleValue())
                .isCloseTo(Math.exp(-sum / (rows.size() - 1)), within(1e-2));
        assertThat(printed().get("tokens")).isEqualTo(EXPECTED.get("tokens"));

        ByteBuffer file = ByteBuffer.wrap(Files.readAllBytes(logits)).order(ByteOrder.LITTLE_ENDIAN);
        byte[] header = new byte[(int) file.getLong()];
        file.get(header);
        JsonNode tensor = JsonMapper.shared().readTree(header).get("logits");
        assertThat(tensor.get("dtype").stringValue()).isEqualTo("F32");
        assertThat(tensor.get("shape").toString()).isEqualTo("[%d,%d]".formatted(rows.size(), vocabulary));
        assertThat(file.remaining()).isEqualTo(rows.size() * vocabulary * 4);
        for (JsonNode row : rows) {
            for (JsonNode logit : row) {
                assertThat(file.getFloat()).isCloseTo(logit.floatValue(), within(2e-3f));
            }
        }
    }

    @Test
    void takesTextAsData() throws IOException {
        Path text = Files.writeString(directory.resolve("text.txt"), "a<|im_end|>b");
        assertThat(run("score", "--model", MODEL, "--text", text)).isZero();
        assertThat(printed().get("tokens").size()).isEqualTo(12);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "fly",
                "generate",
                "generate --model",
                "generate --model m",
                "generate --model m --prompt a --tokens b",
                "generate --model m --prompt a --colour red",
                "generate --model m --prompt a --max-tokens many",
                "generate --model m --prompt a --max-tokens 0",
                "generate --model m --prompt a --backend abacus",
                "generate --model m --prompt a --prompt b",
                "score --model m --text t --max-tokens 3"
            })
    void tellsWrongUse(String line) {
        assertThat(run((Object[]) (line.isEmpty() ? new String[0] : line.split(" "))))
                .isEqualTo(2);
        assertThat(errors.toString(StandardCharsets.UTF_8)).contains("usage: generate");
        assertThat(out.size()).isZero();
    }

    @Test
    void tellsWhatFailed() throws IOException {
        assertThat(run("generate", "--model", directory.resolve("no.gguf"), "--prompt", "a"))
                .isEqualTo(1);
        assertThat(errors.toString(StandardCharsets.UTF_8)).contains("no.gguf").doesNotContain("usage");
        Path words = Files.writeString(directory.resolve("words.json"), "[\"a\"]");
        assertThat(run("score", "--model", MODEL, "--tokens", words)).isEqualTo(1);
        assertThat(errors.toString(StandardCharsets.UTF_8)).contains("\"a\" is no token id");
        Path far = Files.writeString(directory.resolve("far.json"), "[5, 320]");
        assertThat(run("score", "--model", MODEL, "--tokens", far)).isEqualTo(1);
        assertThat(errors.toString(StandardCharsets.UTF_8)).contains("token 320 is outside the vocabulary of 320");
    }
}
