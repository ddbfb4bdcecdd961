package dev.guildhall.engine.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.guildhall.engine.format.ModelFormatException;
import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

class ByteLevelBpeTest {

    private static final JsonNode GOLDEN = TextGoldens.read("tokenizer.json.gz");

    private static Tokenizer tokenizer(String preTokenizer) throws ModelFormatException {
        return Tokenizer.fromGguf(TextGoldens.FILE, TextGoldens.tinyMetadata(preTokenizer));
    }

    @ParameterizedTest
    @ValueSource(strings = {"gpt-2", "smollm", "qwen2", "llama-bpe", "deepseek-v3", "kimi-k2"})
    void encodesAsTheReferenceDoes(String preTokenizer) throws ModelFormatException {
        Tokenizer tokenizer = tokenizer(preTokenizer);
        for (JsonNode golden : GOLDEN.get("cases")) {
            String text = golden.get("text").stringValue();
            assertThat(tokenizer.encode(text)).as(text).isEqualTo(TextGoldens.ids(golden.get(preTokenizer)));
            assertThat(tokenizer.decode(tokenizer.encode(text)))
                    .isEqualTo(preTokenizer.equals("qwen2") ? Normalizer.normalize(text, Normalizer.Form.NFC) : text);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"gpt-2", "smollm", "qwen2", "llama-bpe", "deepseek-v3", "kimi-k2"})
    void encodesControlTokensOfTrustedTextAsTheReferenceDoes(String preTokenizer) throws ModelFormatException {
        JsonNode golden = GOLDEN.get("trusted");
        assertThat(tokenizer(preTokenizer)
                        .encodeWithControlTokens(golden.get("text").stringValue()))
                .isEqualTo(TextGoldens.ids(golden.get(preTokenizer)));
    }

    @Test
    void makesNoReservedTokenOutOfData() throws ModelFormatException {
        Tokenizer tokenizer = tokenizer("qwen2");
        for (String name : tokenizer.reserved().keySet()) {
            for (int id : tokenizer.encode("x " + name + name + "\n" + name)) {
                assertThat(tokenizer.kind(id)).isEqualTo(TokenKind.TEXT);
            }
        }
        assertThat(tokenizer.reserved())
                .containsOnlyKeys("<|endoftext|>", "<|im_start|>", "<|im_end|>", "<tool_call>", "</tool_call>");
    }

    @Test
    void decodesControlTokensToNothingAndAddedOnesToTheirName() throws ModelFormatException {
        Tokenizer tokenizer = tokenizer("qwen2");
        assertThat(tokenizer.decode(tokenizer.encodeWithControlTokens("<|im_start|>a<tool_call>b<|im_end|>")))
                .isEqualTo("a<tool_call>b");
    }

    @Test
    void knowsWhatEndsAnAnswer() throws ModelFormatException {
        Tokenizer tokenizer = tokenizer("qwen2");
        assertThat(tokenizer.endOfGeneration())
                .containsExactlyInAnyOrder(
                        tokenizer.reserved().get("<|im_end|>"),
                        tokenizer.reserved().get("<|endoftext|>"));
    }

    @Test
    void mergesLongWordsQuickly() throws ModelFormatException {
        Tokenizer tokenizer = tokenizer("qwen2");
        String word = "return".repeat(200_000);
        long start = System.nanoTime();
        assertThat(tokenizer.decode(tokenizer.encode(word))).isEqualTo(word);
        assertThat(System.nanoTime() - start).isLessThan(20_000_000_000L);
    }

    @Test
    void decodesRandomBytesHeldBackByTheStreamAsTheWholeDoes() {
        Random random = new Random(7);
        for (int round = 0; round < 500; round++) {
            byte[] bytes =
                    round % 2 == 0 ? "grüß 中文 😀 ok".getBytes(StandardCharsets.UTF_8) : new byte[random.nextInt(12)];
            if (round % 2 == 1) {
                random.nextBytes(bytes);
            }
            Utf8Stream stream = new Utf8Stream();
            StringBuilder text = new StringBuilder();
            for (int i = 0; i < bytes.length; ) {
                int count = Math.min(bytes.length - i, 1 + random.nextInt(3));
                byte[] piece = new byte[count];
                System.arraycopy(bytes, i, piece, 0, count);
                String shown = stream.accept(piece);
                if (round % 2 == 0) {
                    assertThat(shown).doesNotContain("\ufffd");
                }
                text.append(shown);
                i += count;
            }
            text.append(stream.finish());
            String whole = new String(bytes, StandardCharsets.UTF_8);
            if (round % 2 == 0) {
                assertThat(text).hasToString(whole);
            }
        }
    }

    @Test
    void refusesWhatItDoesNotKnow() {
        assertRefused("tokenizer.ggml.model", "bert", "tokenizer.ggml.model is \"bert\"");
        assertRefused(
                "tokenizer.ggml.pre",
                "tekken",
                "tokenizer.ggml.pre is \"tekken\"; supported are deepseek-r1-qwen, deepseek-v3, default");
        assertRefused("tokenizer.ggml.tokens", List.of("a"), "tokenizer.ggml.tokens has 1 entries");
        assertRefused("tokenizer.ggml.merges", List.of("zq qz"), "merge 0 is \"zq qz\"");
        assertRefused("tokenizer.ggml.merges", List.of(5L), "tokenizer.ggml.merges[0] is no String");
        assertRefused("tokenizer.ggml.eos_token_id", 1_000_000L, "tokenizer.ggml.eos_token_id is 1000000");
    }

    @Test
    void refusesAVocabularyWithoutAllBytes() {
        Map<String, Object> metadata = TextGoldens.tinyMetadata("qwen2");
        List<Object> types = new ArrayList<>((List<?>) metadata.get("tokenizer.ggml.token_type"));
        types.set(0, 5L);
        metadata.put("tokenizer.ggml.token_type", types);
        assertThatThrownBy(() -> Tokenizer.fromGguf(TextGoldens.FILE, metadata))
                .isInstanceOf(ModelFormatException.class)
                .hasMessageContaining("no token for byte 0x21");
    }

    @Test
    void leavesOutBytesThatTheVocabularyLacks() throws ModelFormatException {
        Map<String, Object> metadata = TextGoldens.tinyMetadata("smollm");
        List<Object> types = new ArrayList<>((List<?>) metadata.get("tokenizer.ggml.token_type"));
        types.set(
                Objects.requireNonNull((List<?>) metadata.get("tokenizer.ggml.tokens"))
                        .indexOf("\u0104"),
                5L);
        metadata.put("tokenizer.ggml.token_type", types);
        Tokenizer tokenizer = Tokenizer.fromGguf(TextGoldens.FILE, metadata);
        assertThat(tokenizer.decode(tokenizer.encode("a\u0004b"))).isEqualTo("ab");
    }

    private static void assertRefused(String key, Object value, String message) {
        Map<String, Object> metadata = TextGoldens.tinyMetadata("qwen2");
        metadata.put(key, value);
        assertThatThrownBy(() -> Tokenizer.fromGguf(TextGoldens.FILE, metadata))
                .isInstanceOf(ModelFormatException.class)
                .hasMessageContaining(message);
    }
}
