package dev.guildhall.engine.model;

import static org.assertj.core.api.Assertions.assertThat;

import dev.guildhall.engine.cache.BlockPool;
import dev.guildhall.engine.cache.CacheScope;
import dev.guildhall.engine.cache.KvCache;
import dev.guildhall.engine.model.Decoder.Slice;
import dev.guildhall.engine.tensor.KeyValueType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Tiny checkpoints and what transformers computes with them: {@code src/test/golden} tells how they were made. */
class GoldenTest {

    private static final Path DIRECTORY = Path.of("src/test/resources/golden");
    private static final List<String> CHECKPOINTS = List.of(
            "qwen2-tied-f32",
            "qwen2-untied-f16",
            "qwen2-tied-q4",
            "qwen2-tied-k",
            "qwen2-yarn-q8",
            "qwen2moe-untied-q4",
            "qwen3-tied-q8",
            "qwen3moe-untied-q4",
            "llama-tied-f32",
            "llama-untied-q8",
            "llama3-tied-q8",
            "llama3-tied-f32-hub",
            "mixtral-bf16-hub",
            "mixtral-untied-q8",
            "qwen2moe-bf16-hub",
            "qwen3moe-bf16-hub",
            "qwen3-untied-bf16-hub",
            "qwen3-fp8-hub",
            "deepseek-split-q8",
            "deepseek-joined-q8",
            "deepseek-halves-bf16-hub",
            "kimi-bf16-hub");

    static Stream<Arguments> checkpoints() {
        return CHECKPOINTS.stream()
                .flatMap(name -> Arrays.stream(Backend.values()).map(backend -> Arguments.of(name, backend)));
    }

    @ParameterizedTest
    @MethodSource("checkpoints")
    void logitsAreThoseOfTransformers(String name, Backend backend) throws IOException {
        Expected expected = Expected.of(name);
        try (Decoder decoder = load(name, backend)) {
            assertClose(score(decoder, expected.tokens, expected.tokens.length), expected);
        }
    }

    static Stream<Arguments> stretched() {
        return Stream.of("qwen2-tied-f32", "qwen3moe-untied-q4", "deepseek-split-q8", "deepseek-joined-q8")
                .flatMap(name -> Arrays.stream(Backend.values()).map(backend -> Arguments.of(name, backend)));
    }

    /** The weights know nothing of YaRN; these texts end beyond the context that the file states. */
    @ParameterizedTest
    @MethodSource("stretched")
    void logitsUnderYarnAreThoseOfTransformers(String name, Backend backend) throws IOException {
        Expected expected = Expected.of(name + ".yarn");
        try (Decoder decoder = load(name, backend)) {
            assertThat(expected.tokens.length).isGreaterThan(decoder.config().contextLength());
            for (int step : new int[] {expected.tokens.length, 1, 7}) {
                try (KvCache cache = decoder.openCache(expected.tokens.length, expected.ropeFactor)) {
                    assertClose(score(decoder, cache, expected.tokens, step), expected);
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("stretched")
    void oneBatchMayHoldSequencesOfSeveralRopeFactors(String name, Backend backend) throws IOException {
        Expected plain = Expected.of(name);
        Expected stretched = Expected.of(name + ".yarn");
        try (Decoder decoder = load(name, backend);
                KvCache a = decoder.openCache(stretched.tokens.length, stretched.ropeFactor);
                KvCache b = decoder.openCache(plain.tokens.length)) {
            Logits logits = decoder.decode(List.of(
                    new Slice(a, stretched.tokens, LogitsWanted.LAST), new Slice(b, plain.tokens, LogitsWanted.LAST)));
            assertClose(logits.last(0), stretched.logits[stretched.logits.length - 1]);
            assertClose(logits.last(1), plain.logits[plain.logits.length - 1]);
        }
    }

    @ParameterizedTest
    @MethodSource("checkpoints")
    void greedyContinuationIsThatOfTransformers(String name, Backend backend) throws IOException {
        Expected expected = Expected.of(name);
        try (Decoder decoder = load(name, backend);
                KvCache cache = decoder.openCache(64)) {
            List<Integer> generated = new ArrayList<>();
            int[] next = expected.tokens;
            while (generated.size() < expected.greedy.size()) {
                float[] logits = decoder.decode(List.of(new Slice(cache, next, LogitsWanted.LAST)))
                        .last(0);
                int token = mostLikely(logits);
                generated.add(token);
                next = new int[] {token};
            }
            assertThat(generated).isEqualTo(expected.greedy);
        }
    }

    @ParameterizedTest
    @MethodSource("checkpoints")
    void anyDivisionOfThePromptGivesTheSame(String name, Backend backend) throws IOException {
        int[] tokens = new int[100];
        try (Decoder decoder = load(name, backend)) {
            for (int i = 0; i < tokens.length; i++) {
                tokens[i] = (i * 37 + 5) % decoder.config().vocabularySize();
            }
            float[][] whole = score(decoder, tokens, tokens.length);
            for (int step : new int[] {1, 3, 7, 64}) {
                assertClose(score(decoder, tokens, step), whole);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("checkpoints")
    void sequencesInOneBatchDoNotTouchEachOther(String name, Backend backend) throws IOException {
        int[] first = Expected.of(name).tokens;
        int[] second = {7, 7, 7};
        try (Decoder decoder = load(name, backend);
                KvCache a = decoder.openCache(64);
                KvCache b = decoder.openCache(64)) {
            float[][] alone = score(decoder, first, first.length);
            float[][] other = score(decoder, second, second.length);
            Logits logits = decoder.decode(
                    List.of(new Slice(b, second, LogitsWanted.LAST), new Slice(a, first, LogitsWanted.ALL)));
            assertClose(logits.row(0, 2), other[2]);
            for (int i = 0; i < first.length; i++) {
                assertClose(logits.row(1, i), alone[i]);
            }
        }
    }

    /** To the last bit: a seed would not give the same text in a full batch otherwise. */
    @ParameterizedTest
    @MethodSource("checkpoints")
    void aSequenceComesOutTheSameWhateverHappensAroundIt(String name, Backend backend) throws IOException {
        int[] tokens = tokens(100);
        int promptTokens = 90;
        try (Decoder decoder = load(name, backend)) {
            BlockPool pool = pool(decoder, 12);
            float[][] alone = new float[tokens.length][];
            try (KvCache cache = cache(decoder, pool, "alone")) {
                alone[promptTokens - 1] = last(decoder, cache, Arrays.copyOf(tokens, promptTokens));
                for (int i = promptTokens; i < tokens.length; i++) {
                    alone[i] = last(decoder, cache, new int[] {tokens[i]});
                }
            }
            try (KvCache own = cache(decoder, pool, "beside others");
                    KvCache answering = cache(decoder, pool, "b");
                    KvCache prompting = cache(decoder, pool, "c")) {
                for (int from = 0; from < promptTokens; from += 13) {
                    int[] chunk = Arrays.copyOfRange(tokens, from, Math.min(promptTokens, from + 13));
                    Logits logits = decoder.decode(List.of(
                            new Slice(answering, new int[] {from}, LogitsWanted.LAST),
                            new Slice(own, chunk, LogitsWanted.LAST),
                            new Slice(prompting, new int[] {from, 1, 2}, LogitsWanted.LAST)));
                    if (own.length() == promptTokens) {
                        assertThat(logits.last(1)).containsExactly(alone[promptTokens - 1]);
                    }
                }
                for (int i = promptTokens; i < tokens.length; i++) {
                    Logits logits = decoder.decode(List.of(
                            new Slice(prompting, new int[] {i - 50, 2, 3}, LogitsWanted.LAST),
                            new Slice(answering, new int[] {i - 50}, LogitsWanted.LAST),
                            new Slice(own, new int[] {tokens[i]}, LogitsWanted.LAST)));
                    assertThat(logits.last(2)).containsExactly(alone[i]);
                }
            }
            assertThat(pool.free()).isEqualTo(12);
        }
    }

    @ParameterizedTest
    @MethodSource("checkpoints")
    void aBeginningThatWasFoundGivesTheSame(String name, Backend backend) throws IOException {
        int[] tokens = tokens(100);
        try (Decoder decoder = load(name, backend)) {
            BlockPool pool = pool(decoder, 4);
            KvCache first = cache(decoder, pool, "");
            float[] expected = last(decoder, first, tokens);
            first.close(tokens);
            try (KvCache second = cache(decoder, pool, "");
                    KvCache third = cache(decoder, pool, "")) {
                assertThat(second.adopt(tokens, 99)).isEqualTo(99);
                assertThat(last(decoder, second, new int[] {tokens[99]})).containsExactly(expected);
                assertThat(third.adopt(tokens, 80)).isEqualTo(80);
                assertThat(last(decoder, third, Arrays.copyOfRange(tokens, 80, 100)))
                        .containsExactly(expected);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("checkpoints")
    void aPreemptedAnswerGoesOnAsIfNothingHadHappened(String name, Backend backend) throws IOException {
        int[] tokens = tokens(100);
        int promptTokens = 60;
        try (Decoder decoder = load(name, backend)) {
            BlockPool pool = pool(decoder, 2);
            KvCache first = cache(decoder, pool, "");
            last(decoder, first, Arrays.copyOf(tokens, promptTokens));
            float[] expected = {};
            for (int i = promptTokens; i < tokens.length; i++) {
                expected = last(decoder, first, new int[] {tokens[i]});
            }
            first.close(tokens);
            try (KvCache other = cache(decoder, pool, "")) {
                last(decoder, other, tokens(128, 7));
            }
            try (KvCache again = cache(decoder, pool, "")) {
                assertThat(again.adopt(tokens, 99)).isZero();
                for (int from = 0; from < promptTokens; from += 25) {
                    int to = Math.min(promptTokens, from + 25);
                    last(decoder, again, Arrays.copyOfRange(tokens, from, to));
                }
                assertThat(last(decoder, again, Arrays.copyOfRange(tokens, promptTokens, 100)))
                        .containsExactly(expected);
            }
        }
    }

    /**
     * Numbers of the cache are off by up to 0.4 % of the largest of their group. Measured, logits are then off by 0.3 to 1.3 % of
     * the largest; a router near a tie sends single tokens elsewhere, hence the mean.
     */
    @ParameterizedTest
    @MethodSource("checkpoints")
    void aCacheOfBytesComesClose(String name, Backend backend) throws IOException {
        int[] tokens = tokens(100);
        try (Decoder decoder = load(name, backend)) {
            ModelConfig config = decoder.config();
            double ropeFactor = config.rotary().factor();
            float[][] exact = score(decoder, tokens, tokens.length);
            try (KvCache cache = KvCache.alone(
                    config.layers(), config.attention().cache(), KeyValueType.Q8, tokens.length, ropeFactor)) {
                float[][] close = score(decoder, cache, tokens, 30);
                double sum = 0;
                for (int i = 0; i < tokens.length; i++) {
                    sum += meanDifference(close[i], exact[i]);
                }
                assertThat(sum / tokens.length).isBetween(1e-6, 0.02);
                assertThat(cache.bytes()).isEqualTo(config.cacheBytes(KeyValueType.Q8, 128));
                assertThat(2 * cache.bytes()).isLessThan(config.cacheBytes(KeyValueType.F32, 128));
            }
        }
    }

    /** Over the largest logit. */
    private static double meanDifference(float[] actual, float[] expected) {
        double logitMax = 0;
        double sum = 0;
        for (int i = 0; i < expected.length; i++) {
            logitMax = Math.max(logitMax, Math.abs(expected[i]));
            sum += Math.abs(actual[i] - expected[i]);
        }
        return sum / expected.length / logitMax;
    }

    private static int[] tokens(int count) {
        return tokens(count, 5);
    }

    private static int[] tokens(int count, int first) {
        return IntStream.range(0, count).map(i -> (i * 37 + first) % 90).toArray();
    }

    private static BlockPool pool(Decoder decoder, int blocks) {
        ModelConfig config = decoder.config();
        return new BlockPool(config.layers(), config.attention().cache(), KeyValueType.F32, blocks);
    }

    private static KvCache cache(Decoder decoder, BlockPool pool, String salt) {
        return new KvCache(pool, new CacheScope("", decoder.config().rotary().factor(), salt), 128);
    }

    private static float[] last(Decoder decoder, KvCache cache, int[] tokens) {
        return decoder.decode(List.of(new Slice(cache, tokens, LogitsWanted.LAST)))
                .last(0)
                .clone();
    }

    @ParameterizedTest
    @MethodSource("checkpoints")
    void aTruncatedCacheGoesOnAsIfNothingHadFollowed(String name, Backend backend) throws IOException {
        int[] tokens = Expected.of(name).tokens;
        try (Decoder decoder = load(name, backend);
                KvCache cache = decoder.openCache(64)) {
            decoder.decode(List.of(new Slice(cache, tokens, LogitsWanted.NONE)));
            decoder.decode(List.of(new Slice(cache, new int[] {1, 2, 3}, LogitsWanted.NONE)));
            cache.truncate(tokens.length - 1);
            int[] last = {tokens[tokens.length - 1]};
            float[] again = decoder.decode(List.of(new Slice(cache, last, LogitsWanted.LAST)))
                    .last(0);
            float[][] logits = Expected.of(name).logits;
            assertClose(again, logits[logits.length - 1]);
        }
    }

    private static float[][] score(Decoder decoder, int[] tokens, int step) {
        try (KvCache cache = decoder.openCache(tokens.length)) {
            return score(decoder, cache, tokens, step);
        }
    }

    private static float[][] score(Decoder decoder, KvCache cache, int[] tokens, int step) {
        float[][] rows = new float[tokens.length][];
        for (int from = 0; from < tokens.length; from += step) {
            int[] part = Arrays.copyOfRange(tokens, from, Math.min(tokens.length, from + step));
            Logits logits = decoder.decode(List.of(new Slice(cache, part, LogitsWanted.ALL)));
            for (int i = 0; i < part.length; i++) {
                rows[from + i] = logits.row(0, i).clone();
            }
        }
        return rows;
    }

    private static void assertClose(float[][] actual, Expected expected) {
        int first = expected.tokens.length - expected.logits.length;
        assertClose(Arrays.copyOfRange(actual, first, actual.length), expected.logits);
    }

    private static void assertClose(float[][] actual, float[][] expected) {
        for (int i = 0; i < expected.length; i++) {
            assertClose(actual[i], expected[i]);
        }
    }

    private static void assertClose(float[] actual, float[] expected) {
        float logitMax = 0;
        for (float logit : expected) {
            logitMax = Math.max(logitMax, Math.abs(logit));
        }
        for (int i = 0; i < expected.length; i++) {
            assertThat(Math.abs(actual[i] - expected[i]))
                    .as("logit %d: %s, expected %s", i, actual[i], expected[i])
                    .isLessThanOrEqualTo(1e-4f * logitMax);
        }
    }

    private static int mostLikely(float[] logits) {
        int best = 0;
        for (int i = 1; i < logits.length; i++) {
            if (logits[i] > logits[best]) {
                best = i;
            }
        }
        return best;
    }

    private static Decoder load(String name, Backend backend) throws IOException {
        return Decoders.load(DIRECTORY.resolve(name.endsWith("-hub") ? name : name + ".gguf"), backend, 2);
    }

    /** {@code logits} are those of the last positions. */
    @SuppressWarnings("ArrayRecordComponent")
    private record Expected(int[] tokens, float[][] logits, List<Integer> greedy, double ropeFactor) {

        static Expected of(String name) throws IOException {
            JsonNode json = JsonMapper.shared().readTree(Files.readString(DIRECTORY.resolve(name + ".expected.json")));
            float[][] logits = new float[json.get("logits").size()][];
            for (int row = 0; row < logits.length; row++) {
                JsonNode values = json.get("logits").get(row);
                logits[row] = new float[values.size()];
                for (int i = 0; i < values.size(); i++) {
                    logits[row][i] = values.get(i).floatValue();
                }
            }
            return new Expected(
                    json.get("tokens").valueStream().mapToInt(JsonNode::asInt).toArray(),
                    logits,
                    json.get("greedy").valueStream().map(JsonNode::asInt).toList(),
                    json.path("yarn").path("factor").asDouble(1));
        }
    }
}
