package dev.guildhall.engine.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.guildhall.engine.cache.KvCache;
import dev.guildhall.engine.format.ModelFormatException;
import dev.guildhall.engine.kernel.RotaryPairs;
import dev.guildhall.engine.model.Decoder.Slice;
import dev.guildhall.engine.model.Experts.Router;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DecodersTest {

    private static final Path GOLDEN = Path.of("src/test/resources/golden/qwen2-tied-q4.gguf");

    @TempDir
    private Path directory;

    @Test
    void statesTheShapeOfTheModel() throws IOException {
        try (Decoder decoder = Decoders.load(GOLDEN, Backend.VECTOR, 1)) {
            ModelConfig config = decoder.config();
            assertThat(config.architecture()).isEqualTo(Architecture.QWEN2);
            assertThat(config.vocabularySize()).isEqualTo(320);
            assertThat(config.contextLength()).isEqualTo(128);
            assertThat(config.attention().keySize()).isEqualTo(16);
            assertThat(config.tiedEmbeddings()).isTrue();
            assertThat(decoder.weightBytes()).isPositive();
        }
    }

    @Test
    void statesTheExpertsOfAMixture() throws IOException {
        try (Decoder decoder = Decoders.load(GOLDEN.resolveSibling("qwen3moe-untied-q4.gguf"), Backend.VECTOR, 1)) {
            assertThat(decoder.config().experts()).isEqualTo(new Experts(8, 3, 32, 0, 0, Router.softmax(true)));
            assertThat(decoder.config().attention().keySize()).isEqualTo(32);
        }
        try (Decoder decoder = Decoders.load(GOLDEN.resolveSibling("qwen2moe-untied-q4.gguf"), Backend.VECTOR, 1)) {
            assertThat(decoder.config().experts()).isEqualTo(new Experts(6, 2, 32, 64, 0, Router.softmax(false)));
        }
        try (Decoder decoder = Decoders.load(GOLDEN.resolveSibling("mixtral-untied-q8.gguf"), Backend.VECTOR, 1)) {
            assertThat(decoder.config().experts()).isEqualTo(new Experts(4, 2, 64, 0, 0, Router.softmax(true)));
        }
    }

    @Test
    void readsHowTheFileStretchesItsContext() throws IOException {
        try (Decoder decoder = Decoders.load(GOLDEN.resolveSibling("qwen2-yarn-q8.gguf"), Backend.VECTOR, 1)) {
            assertThat(decoder.config().rotary())
                    .isEqualTo(new RotaryShape(
                            16, RotaryPairs.HALVES, 1e6, 32, new RotaryShape.Yarn(8, 0.5, true, null, null), 4));
            assertThat(decoder.config().contextLength()).isEqualTo(128);
            assertThat(decoder.config().contextLength(1)).isEqualTo(32);
        }
    }

    @Test
    void refusesAFileThatWasCutShort() throws IOException {
        byte[] bytes = Files.readAllBytes(GOLDEN);
        assertRefused(Arrays.copyOf(bytes, bytes.length - 100), "the file is cut short");
    }

    @Test
    void refusesUnknownArchitectures() throws IOException {
        assertRefused(
                replaced("general.architecture\b\0\0\0\5\0\0\0\0\0\0\0qwen2", "qwen2", "gpt42"),
                "general.architecture is gpt42; the engine runs [llama, qwen2, qwen2moe, qwen3, qwen3moe, deepseek2]");
    }

    @Test
    void listsAllTensorsThatAreMissingOrUnknown() throws IOException {
        assertRefused(
                replaced("blk.1.ffn_gate.weight", "ffn_gate", "ffn_fate"),
                "2 tensors are wrong: blk.1.ffn_gate.weight is missing; "
                        + "blk.1.ffn_fate.weight is not part of this architecture");
    }

    @Test
    void survivesAnyMutationOfTheHead() throws IOException {
        byte[] bytes = Files.readAllBytes(GOLDEN);
        Random random = new Random(3);
        for (int i = 0; i < 300; i++) {
            byte[] mutated = bytes.clone();
            for (int flips = random.nextInt(1, 5); flips > 0; flips--) {
                mutated[random.nextInt(12_000)] = (byte) random.nextInt();
            }
            try (Decoder decoder = Decoders.load(write(mutated), Backend.SCALAR, 1)) {
                assertThat(decoder.config().layers()).isPositive();
            } catch (ModelFormatException expected) {
                assertThat(expected).hasMessageContaining("model.gguf");
            }
        }
    }

    @Test
    void refusesWhatDoesNotFit() throws IOException {
        try (Decoder decoder = Decoders.load(GOLDEN, Backend.VECTOR, 1);
                KvCache cache = decoder.openCache(4)) {
            assertThatThrownBy(() -> decoder.openCache(129))
                    .hasMessage("a cache for 129 tokens cannot be had; qwen2-tied-q4 takes 1 to 128");
            assertThatThrownBy(() -> decoder.openCache(257, 2))
                    .hasMessage("a cache for 257 tokens cannot be had; qwen2-tied-q4 takes 1 to 256");
            assertThatThrownBy(() -> decoder.openCache(4, 0.5))
                    .hasMessage("a context cannot be stretched by 0.5; 1 to 1024 are possible");
            assertThatThrownBy(() -> decode(decoder, cache, 1, 2, 3, 4, 5))
                    .hasMessage("a cache of at most 4 tokens that holds 0 cannot take 5 more");
            assertThatThrownBy(() -> decode(decoder, cache, 320))
                    .hasMessage("token 320 is not in the vocabulary of 320");
            assertThat(cache.length()).isZero();
            decode(decoder, cache, 1, 2, 3, 4);
            assertThat(cache.length()).isEqualTo(4);
            assertThatThrownBy(() -> cache.truncate(5)).hasMessage("a cache of 4 tokens cannot be cut to 5");
            assertThat(cache.bytes()).isPositive();
            cache.truncate(0);
            assertThat(cache.bytes()).isZero();
        }
    }

    @Test
    void givesOnlyTheLogitsThatWereAskedFor() throws IOException {
        try (Decoder decoder = Decoders.load(GOLDEN, Backend.VECTOR, 1);
                KvCache cache = decoder.openCache(8)) {
            Logits logits = decode(decoder, cache, 1, 2, 3);
            assertThat(logits.row(0, 2)).isSameAs(logits.last(0)).hasSize(320);
            assertThatThrownBy(() -> logits.row(0, 1))
                    .hasMessage("slice 0 was decoded without logits for its position 1 of 3");
        }
    }

    @Test
    void leavesTheOutputMatrixOutWhereOnlyStatesAreWanted() throws IOException {
        try (Decoder whole = Decoders.load(GOLDEN, Backend.VECTOR, 1);
                Decoder decoder = Decoders.loadForStates(GOLDEN, Backend.VECTOR, 1);
                KvCache wholeCache = whole.openCache(8);
                KvCache cache = decoder.openCache(8)) {
            assertThat(decoder.weightBytes()).isLessThan(whole.weightBytes());
            int[] tokens = {1, 2, 3};
            assertThat(decoder.decode(List.of(new Slice(cache, tokens, LogitsWanted.LAST_STATE)))
                            .last(0))
                    .containsExactly(whole.decode(List.of(new Slice(wholeCache, tokens, LogitsWanted.LAST_STATE)))
                            .last(0));
            assertThatThrownBy(() -> decode(decoder, cache, 4))
                    .hasMessage("qwen2-tied-q4 was loaded for its states alone; there are no logits");
        }
    }

    private static Logits decode(Decoder decoder, KvCache cache, int... tokens) {
        return decoder.decode(List.of(new Slice(cache, tokens, LogitsWanted.LAST)));
    }

    private void assertRefused(byte[] bytes, String message) throws IOException {
        Path file = write(bytes);
        assertThatThrownBy(() -> Decoders.load(file, Backend.VECTOR, 1))
                .isInstanceOf(ModelFormatException.class)
                .hasMessageContaining(message);
    }

    /** The golden file with {@code from} in the first place that reads {@code place} changed to {@code to}. */
    private static byte[] replaced(String place, String from, String to) throws IOException {
        String text = Files.readString(GOLDEN, StandardCharsets.ISO_8859_1);
        int at = text.indexOf(place);
        assertThat(at).isPositive();
        return text.replace(place, place.replace(from, to)).getBytes(StandardCharsets.ISO_8859_1);
    }

    private Path write(byte[] bytes) throws IOException {
        return Files.write(directory.resolve("model.gguf"), bytes);
    }
}
