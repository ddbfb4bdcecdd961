package dev.guildhall.engine.generation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.data.Offset.offset;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.DoubleStream;
import org.junit.jupiter.api.Test;

class SamplerTest {

    private static final float[] LOGITS = {1, 4, 2, 3, 0, 9};
    private static final long[] FIRST_FIVE = {0b11111};

    private static SamplingOptions options(double temperature, int topK, double topP, double minP) {
        return new SamplingOptions(temperature, topK, topP, minP, 1, 7);
    }

    /** How often each of the five allowed tokens is picked. */
    private static double[] shares(SamplingOptions options) {
        Sampler sampler = new Sampler(options);
        double[] shares = new double[LOGITS.length];
        int rounds = 40_000;
        for (int i = 0; i < rounds; i++) {
            shares[sampler.sample(LOGITS, FIRST_FIVE)] += 1.0 / rounds;
        }
        return shares;
    }

    private static double[] softmax(double temperature, int... tokens) {
        double[] expected = new double[LOGITS.length];
        for (int token : tokens) {
            expected[token] = Math.exp(LOGITS[token] / temperature);
        }
        double sum = DoubleStream.of(expected).sum();
        return DoubleStream.of(expected).map(weight -> weight / sum).toArray();
    }

    private static void assertShares(SamplingOptions options, double... expected) {
        double[] shares = shares(options);
        for (int token = 0; token < expected.length; token++) {
            assertThat(shares[token]).as("token %d", token).isCloseTo(expected[token], offset(0.012));
            if (expected[token] == 0) {
                assertThat(shares[token]).isZero();
            }
        }
    }

    @Test
    void takesTheLikeliestAllowedTokenWithoutTemperature() {
        Sampler sampler = new Sampler(SamplingOptions.GREEDY);
        assertThat(sampler.sample(LOGITS, FIRST_FIVE)).isEqualTo(1);
        assertThat(sampler.sample(LOGITS, new long[] {0b10101})).isEqualTo(2);
        assertThat(sampler.sample(new float[] {5, 5}, new long[] {0b11})).isZero();
        assertThat(sampler.sample(new float[] {Float.NEGATIVE_INFINITY}, new long[] {1}))
                .isZero();
    }

    @Test
    void drawsByProbability() {
        assertShares(options(1, 0, 1, 0), softmax(1, 0, 1, 2, 3, 4));
        assertShares(options(2, 0, 1, 0), softmax(2, 0, 1, 2, 3, 4));
    }

    @Test
    void keepsTheLikeliest() {
        assertShares(options(1, 2, 1, 0), softmax(1, 1, 3));
        assertShares(options(1, 100, 1, 0), softmax(1, 0, 1, 2, 3, 4));
    }

    @Test
    void keepsTheNucleus() {
        // Probabilities: 0.636, 0.234, 0.086, 0.032, 0.012.
        assertShares(options(1, 0, 0.5, 0), softmax(1, 1));
        assertShares(options(1, 0, 0.8, 0), softmax(1, 1, 3));
        assertShares(options(1, 0, 0.9, 0), softmax(1, 1, 3, 2));
        // Of the two that top-k leaves, the first has 0.731.
        assertShares(options(1, 2, 0.7, 0), softmax(1, 1));
        assertShares(options(1, 2, 0.8, 0), softmax(1, 1, 3));
    }

    @Test
    void dropsWhatIsFarLessLikelyThanTheLikeliest() {
        // Relative to the likeliest: 1, 0.368, 0.135, 0.050, 0.018.
        assertShares(options(1, 0, 1, 0.1), softmax(1, 1, 3, 2));
    }

    @Test
    void makesSeenTokensLessLikely() {
        Sampler sampler = new Sampler(new SamplingOptions(0, 0, 1, 0, 2, 0));
        assertThat(sampler.sample(LOGITS, FIRST_FIVE)).isEqualTo(1);
        sampler.observePrompt(1);
        assertThat(sampler.sample(LOGITS.clone(), FIRST_FIVE)).isEqualTo(3);
        float[] negative = {-1, -1.5f};
        sampler = new Sampler(new SamplingOptions(0, 0, 1, 0, 2, 0));
        sampler.observeAnswer(0);
        assertThat(sampler.sample(negative, new long[] {0b11})).isEqualTo(1);
        assertThat(negative).containsExactly(-2, -1.5f);
    }

    @Test
    void addsBiasAndTakesPenaltiesOff() {
        Sampler sampler =
                new Sampler(new SamplingOptions(0, 0, 1, 0, new Penalties(1, 0.5, 0.25), Map.of(0, 1.5, 5, -100.0), 0));
        sampler.observePrompt(3); // counts for the repetition penalty alone
        sampler.observeAnswer(1);
        sampler.observeAnswer(1);
        sampler.observeAnswer(2);
        float[] logits = LOGITS.clone();
        assertThat(sampler.sample(logits, new long[] {0b111111})).isEqualTo(1);
        // {1 + 1.5, 4 - 0.5 - 2 · 0.25, 2 - 0.5 - 0.25, 3, 0, 9 - 100}; of the two 3s the lower token wins.
        assertThat(logits).containsExactly(2.5f, 3, 1.25f, 3, 0, -91);
        sampler.observeAnswer(1);
        assertThat(sampler.sample(LOGITS.clone(), new long[] {0b111111})).isEqualTo(3);
    }

    @Test
    void givesPenaltiesBeforeTemperature() {
        SamplingOptions options = new SamplingOptions(2, 0, 1, 0, new Penalties(1, 2, 0), Map.of(4, 2.0), 7);
        Sampler sampler = new Sampler(options);
        sampler.observeAnswer(1);
        double[] shares = new double[5];
        for (int i = 0; i < 40_000; i++) {
            shares[sampler.sample(LOGITS.clone(), FIRST_FIVE)] += 1.0 / 40_000;
        }
        // e^(1/2), e^((4-2)/2), e^(2/2), e^(3/2), e^((0+2)/2) over their sum.
        double sum = Math.exp(0.5) + 3 * Math.exp(1) + Math.exp(1.5);
        double[] expected = {
            Math.exp(0.5) / sum, Math.exp(1) / sum, Math.exp(1) / sum, Math.exp(1.5) / sum, Math.exp(1) / sum
        };
        for (int token = 0; token < 5; token++) {
            assertThat(shares[token]).isCloseTo(expected[token], offset(0.012));
        }
    }

    @Test
    void tellsProbabilitiesOfAllTokensAndTheLikeliest() {
        // Σ e^logit over {1, 4, 2, 3, 0, 9} = 2.718 + 54.598 + 7.389 + 20.086 + 1 + 8103.084 = 8188.875; ln of it
        // 9.010531.
        TokenLogprobs logprobs = TokenLogprobs.of(LOGITS, 3, 2, FIRST_FIVE);
        assertThat(logprobs.token()).isEqualTo(3);
        assertThat(logprobs.logprob()).isCloseTo(3 - 9.010531, offset(1e-5));
        assertThat(logprobs.top()).extracting(TokenLogprobs.Candidate::token).containsExactly(1, 3);
        assertThat(logprobs.top().getFirst().logprob()).isCloseTo(4 - 9.010531, offset(1e-5));
        assertThat(TokenLogprobs.of(LOGITS, 3, 0, FIRST_FIVE).top()).isEmpty();
        assertThat(TokenLogprobs.of(LOGITS, 3, 20, FIRST_FIVE).top())
                .extracting(TokenLogprobs.Candidate::token)
                .containsExactly(1, 3, 2, 0, 4);
    }

    @Test
    void repeatsItselfForTheSameSeed() {
        Sampler first = new Sampler(options(1.5, 0, 0.9, 0));
        Sampler second = new Sampler(options(1.5, 0, 0.9, 0));
        for (int i = 0; i < 100; i++) {
            assertThat(first.sample(LOGITS, FIRST_FIVE)).isEqualTo(second.sample(LOGITS, FIRST_FIVE));
        }
    }

    @Test
    void drawsTheNumbersOfTheReference() {
        // SplitMix64 with seed 1234567, as its author publishes them.
        SplitMix random = new SplitMix(1_234_567);
        assertThat(random.nextLong()).isEqualTo(6_457_827_717_110_365_317L);
        assertThat(random.nextLong()).isEqualTo(3_203_168_211_198_807_973L);
    }

    @Test
    void reportsNaN() {
        Sampler sampler = new Sampler(SamplingOptions.GREEDY);
        assertThatThrownBy(() -> sampler.sample(new float[] {1, Float.NaN}, new long[] {0b11}))
                .isInstanceOf(GenerationFailedException.class)
                .hasMessageContaining("NaN for token 1");
    }

    @Test
    void takesTheLowestOfTheLikeliestAmongManyThatAreAllowed() {
        float[] logits = new float[200];
        Arrays.fill(logits, Float.NEGATIVE_INFINITY);
        long[] allowed = {-1, -1, -1, 0b1111};
        Sampler sampler = new Sampler(SamplingOptions.GREEDY);
        assertThat(sampler.sample(logits, allowed)).isZero();
        logits[130] = -3;
        assertThat(sampler.sample(logits, allowed)).isEqualTo(130);
        logits[70] = 2;
        logits[71] = 2;
        logits[195] = 2;
        logits[196] = 5; // not allowed
        assertThat(sampler.sample(logits, allowed)).isEqualTo(70);
        for (int token : new int[] {0, 64, 191, 192}) {
            float[] broken = logits.clone();
            broken[token] = Float.NaN;
            assertThatThrownBy(() -> sampler.sample(broken, allowed)).hasMessageContaining("NaN for token " + token);
        }
    }

    @Test
    void reportsThatNothingIsAllowed() {
        for (SamplingOptions options : List.of(SamplingOptions.GREEDY, options(1, 0, 1, 0))) {
            assertThatThrownBy(() -> new Sampler(options).sample(LOGITS, new long[1]))
                    .isInstanceOf(GenerationFailedException.class)
                    .hasMessageContaining("no token can go on");
        }
    }

    @Test
    void refusesOptionsOutOfRange() {
        assertThatThrownBy(() -> options(-1, 0, 1, 0)).hasMessage("temperature is -1.0; allowed is 0 to 100");
        assertThatThrownBy(() -> options(1, 0, 0, 0)).hasMessageContaining("top_p is 0.0");
        assertThatThrownBy(() -> new Penalties(1, 2.5, 0)).hasMessage("presence_penalty is 2.5; allowed is -2 to 2");
        assertThatThrownBy(() -> SamplingOptions.GREEDY.withLogitBias(Map.of(7, 101.0)))
                .hasMessage("logit_bias of token 7 is 101.0; allowed is -100 to 100");
        assertThatThrownBy(() -> options(Double.NaN, 0, 1, 0)).hasMessageContaining("temperature is NaN");
    }
}
