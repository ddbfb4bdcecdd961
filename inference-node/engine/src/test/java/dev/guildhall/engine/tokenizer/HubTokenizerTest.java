package dev.guildhall.engine.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.guildhall.engine.format.ModelFormatException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

class HubTokenizerTest {

    private static final JsonNode GOLDEN = TextGoldens.read("tokenizer-hub.json.gz");

    @TempDir
    private Path directory;

    private Tokenizer tokenizer(String name) throws IOException {
        return tokenizer(json(name));
    }

    static ObjectNode json(String name) {
        JsonNode golden = GOLDEN.get(name);
        ObjectNode json = (ObjectNode) golden.get("tokenizer").deepCopy();
        JsonNode vocabulary = GOLDEN.get(golden.get("vocabulary").stringValue());
        ObjectNode model = (ObjectNode) json.get("model");
        model.set("vocab", vocabulary.get("vocab"));
        // Both ways in which files have them.
        ArrayNode merges = model.putArray("merges");
        vocabulary.get("merges").forEach(pair -> {
            if (name.equals("smollm")) {
                merges.add(pair.get(0).stringValue() + " " + pair.get(1).stringValue());
            } else {
                merges.add(pair);
            }
        });
        return json;
    }

    private Tokenizer tokenizer(JsonNode json) throws IOException {
        Files.writeString(directory.resolve("tokenizer.json"), json.toString());
        return Tokenizer.load(directory);
    }

    @ParameterizedTest
    @ValueSource(strings = {"smollm", "qwen2", "llama-bpe", "deepseek-v3", "kimi-k2", "mixtral", "metaspace"})
    void encodesAsTheReferenceDoes(String name) throws IOException {
        Tokenizer tokenizer = tokenizer(name);
        JsonNode golden = GOLDEN.get(name);
        for (int i = 0; i < GOLDEN.get("texts").size(); i++) {
            String text = GOLDEN.get("texts").get(i).stringValue();
            assertThat(tokenizer.encode(text))
                    .as(text)
                    .isEqualTo(TextGoldens.ids(golden.get("ids").get(i)));
            for (int id : tokenizer.encode(text)) {
                assertThat(tokenizer.reserved()).as(text).doesNotContainValue(id);
            }
        }
        assertThat(tokenizer.encodeWithControlTokens(golden.get("trusted").stringValue()))
                .isEqualTo(TextGoldens.ids(golden.get("trustedIds")));
    }

    @Test
    void encodesScoresAsSentencePieceDoes() throws IOException {
        JsonNode golden = GOLDEN.get("sentencepiece");
        Map<String, Object> metadata = new HashMap<>();
        metadata.put("tokenizer.ggml.model", "llama");
        metadata.put("tokenizer.ggml.tokens", list(golden.get("tokens")));
        metadata.put("tokenizer.ggml.scores", list(golden.get("scores")));
        metadata.put("tokenizer.ggml.token_type", list(golden.get("types")));
        metadata.put("tokenizer.ggml.bos_token_id", 1L);
        metadata.put("tokenizer.ggml.eos_token_id", 2L);
        Tokenizer tokenizer = Tokenizer.fromGguf(TextGoldens.FILE, metadata);
        for (int i = 0; i < GOLDEN.get("texts").size(); i++) {
            String text = GOLDEN.get("texts").get(i).stringValue();
            assertThat(tokenizer.encode(text))
                    .as(text)
                    .isEqualTo(TextGoldens.ids(golden.get("ids").get(i)));
            assertThat(tokenizer.decode(tokenizer.encode(text))).isEqualTo(text.replace('\u2581', ' '));
        }
        assertThat(tokenizer.textStart()).containsExactly(1);
        assertThat(tokenizer.endOfGeneration()).containsExactly(2);
        assertThat(tokenizer.reserved()).containsOnlyKeys("<unk>", "<s>", "</s>");

        metadata.put("tokenizer.ggml.scores", List.of(1.0));
        assertThatThrownBy(() -> Tokenizer.fromGguf(TextGoldens.FILE, metadata))
                .isInstanceOf(ModelFormatException.class)
                .hasMessageContaining("tokenizer.ggml.tokens has 420 entries, tokenizer.ggml.scores 1");
    }

    private static List<Object> list(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false)
                .<Object>map(value -> value.isString()
                        ? value.stringValue()
                        : value.isIntegralNumber() ? (Object) value.longValue() : value.doubleValue())
                .toList();
    }

    @Test
    void knowsWhatBeginsAndEndsTexts() throws IOException {
        Files.writeString(
                directory.resolve("tokenizer_config.json"),
                "{\"bos_token\": \"<|im_start|>\", \"eos_token\": {\"content\": \"<|im_end|>\"}}");
        Tokenizer tokenizer = tokenizer("llama-bpe");
        assertThat(tokenizer.textStart()).containsExactly(id(tokenizer, "<|endoftext|>"));
        assertThat(tokenizer.endOfGeneration())
                .containsExactlyInAnyOrder(id(tokenizer, "<|endoftext|>"), id(tokenizer, "<|im_end|>"));

        Files.writeString(
                directory.resolve("generation_config.json"),
                "{\"eos_token_id\": [%d, 7]}".formatted(id(tokenizer, "<|im_end|>")));
        assertThat(tokenizer("llama-bpe").endOfGeneration()).contains(7);

        Files.writeString(directory.resolve("generation_config.json"), "{\"eos_token_id\": 99999}");
        assertThatThrownBy(() -> tokenizer("llama-bpe"))
                .isInstanceOf(ModelFormatException.class)
                .hasMessageContaining("eos_token_id has 99999, which is no token of the vocabulary of 325");
    }

    private static int id(Tokenizer tokenizer, String name) {
        return tokenizer.encodeWithControlTokens(name)[0];
    }

    @Test
    void readsTiktokensVocabulary() throws IOException {
        JsonNode golden = GOLDEN.get("kimi-k2");
        Map<Integer, String> tokens = new HashMap<>();
        json("kimi-k2")
                .at("/model/vocab")
                .properties()
                .forEach(token -> tokens.put(token.getValue().intValue(), token.getKey()));
        StringBuilder lines = new StringBuilder();
        for (int rank = 0; rank < tokens.size(); rank++) {
            lines.append(Base64.getEncoder()
                            .encodeToString(ByteAlphabet.bytes(Objects.requireNonNull(tokens.get(rank)))))
                    .append(' ')
                    .append(rank)
                    .append('\n');
        }
        Files.writeString(directory.resolve("tiktoken.model"), lines);
        Files.writeString(
                directory.resolve("tokenizer_config.json"),
                "{\"added_tokens_decoder\": {\"%d\": {\"content\": \"<|im_end|>\", \"special\": true}}}"
                        .formatted(tokens.size() + 2));
        Tokenizer tokenizer = Tokenizer.load(directory);
        for (int i = 0; i < GOLDEN.get("texts").size(); i++) {
            assertThat(tokenizer.encode(GOLDEN.get("texts").get(i).stringValue()))
                    .isEqualTo(TextGoldens.ids(golden.get("ids").get(i)));
        }
        assertThat(tokenizer.vocabularySize()).isEqualTo(tokens.size() + 3);
        assertThat(tokenizer.endOfGeneration()).containsExactly(tokens.size() + 2);
        assertThat(tokenizer.kind(tokens.size())).isEqualTo(TokenKind.UNUSED);

        Files.write(directory.resolve("tiktoken.model"), "IQ== 1\n".getBytes(StandardCharsets.UTF_8));
        assertThatThrownBy(() -> Tokenizer.load(directory))
                .isInstanceOf(ModelFormatException.class)
                .hasMessageContaining("line 1 is \"IQ== 1\"");
    }

    @Test
    void asksForWhatFillsAGap() throws IOException {
        ObjectNode json = json("qwen2");
        Tokenizer without = tokenizer(json);
        assertThatThrownBy(() -> without.fillPrompt("a", "b"))
                .isInstanceOf(UnsupportedOperationException.class)
                .hasMessageContaining("no tokens for filling in the middle");

        int next = 325;
        for (String part : List.of("prefix", "suffix", "middle")) {
            json.withArray("added_tokens").addObject().put("id", next++).put("content", "<|fim_" + part + "|>");
        }
        Tokenizer tokenizer = tokenizer(json);
        assertThat(tokenizer.fillPrompt("int a = <|fim_middle|>", ";\n"))
                .startsWith(325)
                .endsWith(327)
                .containsOnlyOnce(325, 326, 327);
        assertThat(tokenizer.decode(tokenizer.fillPrompt("int a = <|fim_middle|>", ";\n")))
                .isEqualTo("<|fim_prefix|>int a = <|fim_middle|><|fim_suffix|>;\n<|fim_middle|>");
    }

    @Test
    void refusesWhatItDoesNotKnow() throws IOException {
        assertRefused("/model/type", "\"Unigram\"", "model.type is \"Unigram\"");
        assertRefused("/normalizer", "{\"type\": \"Lowercase\"}", "normalizer has {\"type\":\"Lowercase\"}");
        assertRefused(
                "/pre_tokenizer",
                "{\"type\": \"Split\", \"behavior\": \"Isolated\", \"pattern\": {\"Regex\": \"(a+)+\"}}",
                "an expression that the engine does not know");
        assertRefused("/pre_tokenizer", "null", "no ByteLevel");
        assertRefused("/model/vocab", "{\"a\": 99999999}", "token \"a\" with id 99999999");
        assertRefused("/model/vocab", "{\"a\": 1, \"b\": 1}", "both have id 1");
        assertRefused("/model/vocab", "{}", "no token for byte 0x20");
        assertRefused("/model/merges", "[[\"zq\", \"q\"]]", "merge 0 is \"zq q\"");
        Path empty = Files.createDirectory(directory.resolve("empty"));
        assertThatThrownBy(() -> Tokenizer.load(empty))
                .isInstanceOf(ModelFormatException.class)
                .hasMessageContaining("tokenizer.json: it is missing");
    }

    private void assertRefused(String place, String value, String message) {
        ObjectNode json = json("qwen2");
        int slash = place.lastIndexOf('/');
        ((ObjectNode) json.at(place.substring(0, slash)))
                .set(place.substring(slash + 1), JsonMapper.shared().readTree(value));
        assertThatThrownBy(() -> tokenizer(json))
                .isInstanceOf(ModelFormatException.class)
                .hasMessageContaining(message);
    }
}
