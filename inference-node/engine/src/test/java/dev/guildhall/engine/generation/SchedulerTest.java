package dev.guildhall.engine.generation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.guildhall.engine.format.ModelFormatException;
import dev.guildhall.engine.generation.GenerationRequest.Variant;
import dev.guildhall.engine.model.Backend;
import dev.guildhall.engine.tensor.KeyValueType;
import dev.guildhall.engine.tokenizer.TextGoldens;
import dev.guildhall.engine.tokenizer.Tokenizer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Many requests on a decoder whose answers show every token that it has seen. */
class SchedulerTest {

    private static final int CONTEXT = 512;
    private static final int ROWS = 300;
    private static final Tokenizer TOKENIZER = tokenizer();

    private final FakeDecoder decoder = new FakeDecoder(ROWS, CONTEXT, SchedulerTest::next);

    private static Tokenizer tokenizer() {
        try {
            return Tokenizer.fromGguf(TextGoldens.FILE, TextGoldens.tinyMetadata("qwen2"));
        } catch (ModelFormatException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Never one that ends the answer. */
    private static int next(List<Integer> history) {
        return Math.floorMod(history.hashCode(), 200) + 32;
    }

    private Scheduler scheduler(int sequencesMax, int cachedTokensMax) {
        LoadOptions options = new LoadOptions(Backend.SCALAR, 1, 0, sequencesMax, 1_000, cachedTokensMax)
                .withRopeFactors(List.of(2.0));
        long[] usable = new long[5];
        Arrays.fill(usable, 0, 4, -1);
        return new Scheduler(decoder, options, new RopeFactors(decoder.config(), List.of(2.0), 0), usable);
    }

    private static Sequence sequence(GenerationRequest request, Generation generation) {
        return new Sequence(
                request,
                request.ending().tokensMax(),
                Math.max(1, request.variant().ropeFactor()),
                GenerationListener.NONE,
                generation,
                TOKENIZER);
    }

    private static Generation submit(Scheduler scheduler, GenerationRequest request) {
        Generation generation = new Generation();
        scheduler.submit(List.of(sequence(request, generation)));
        return generation;
    }

    private static int[] text(int length, int seed) {
        return IntStream.range(0, length)
                .map(i -> 32 + (i * 31 + seed * 7) % 150)
                .toArray();
    }

    private static List<Integer> expectedAnswer(int[] prompt, int length) {
        List<Integer> history = new ArrayList<>(Arrays.stream(prompt).boxed().toList());
        for (int i = 0; i < length; i++) {
            history.add(next(history));
        }
        return history.subList(prompt.length, history.size());
    }

    private static void assertIdle(Scheduler scheduler) {
        await().until(() -> scheduler.statistics().cacheUsage() == 0
                && scheduler.runningCount() == 0
                && scheduler.waitingCount() == 0);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void answersEveryRequestAndLosesNoBlock(long seed) throws InterruptedException {
        Random random = new Random(seed);
        Map<Generation, GenerationRequest> requests = new HashMap<>();
        try (Scheduler scheduler = scheduler(random.nextInt(1, 9), random.nextInt(1, 5) * CONTEXT)) {
            for (int i = 0; i < 60; i++) {
                int[] prompt = text(random.nextInt(1, 350), random.nextInt(3));
                GenerationRequest request = GenerationRequest.of(prompt)
                        .withAnswerTokensMax(random.nextInt(1, CONTEXT - prompt.length + 1))
                        .withCaller("caller " + random.nextInt(3), "salt " + random.nextInt(2))
                        .withVariant(new Variant("adapter " + random.nextInt(2), random.nextInt(1, 3)));
                Generation generation = submit(scheduler, request);
                requests.put(generation, request);
                if (random.nextInt(5) == 0) {
                    generation.cancel();
                }
                if (random.nextInt(4) == 0) {
                    Thread.sleep(random.nextInt(3));
                }
            }
            for (Map.Entry<Generation, GenerationRequest> each : requests.entrySet()) {
                GenerationRequest request = each.getValue();
                try {
                    assertThat(each.getKey().await().tokens())
                            .isEqualTo(expectedAnswer(
                                    request.prompt(), request.ending().tokensMax()));
                } catch (CancellationException _) {
                    assertThat(each.getKey().isCancelled()).isTrue();
                }
            }
            assertIdle(scheduler);
        }
        assertThat(decoder.mixedScopes).isEmpty();
    }

    @Test
    void startsAPreemptedAnswerAgainWhereItWas() throws InterruptedException {
        SamplingOptions sampling = new SamplingOptions(3, 0, 1, 0, 1.2, 5);
        List<GenerationRequest> requests = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            requests.add(GenerationRequest.of(text(50, i))
                    .withAnswerTokensMax(400)
                    .withSampling(sampling.withPenalties(new Penalties(1.1, 0.2, 0.1))));
        }
        List<List<Integer>> alone = new ArrayList<>();
        try (Scheduler scheduler = scheduler(1, 4 * CONTEXT)) {
            for (GenerationRequest request : requests) {
                alone.add(submit(scheduler, request).await().tokens());
            }
            assertThat(scheduler.statistics().preemptions()).isZero();
        }
        try (Scheduler scheduler = scheduler(4, 2 * CONTEXT)) {
            List<Generation> together = new ArrayList<>();
            requests.forEach(request -> together.add(submit(scheduler, request)));
            for (int i = 0; i < 4; i++) {
                GenerationResult result = together.get(i).await();
                assertThat(result.tokens()).isEqualTo(alone.get(i));
                assertThat(result.cachedTokens()).isZero();
            }
            assertThat(scheduler.statistics().preemptions()).isPositive();
            assertThat(scheduler.statistics().answerTokens()).isEqualTo(1600);
            assertThat(scheduler.statistics().promptTokens()).isEqualTo(200);
            assertIdle(scheduler);
        }
    }

    @Test
    void computesAPromptOnceForSeveralThatComeTogether() throws InterruptedException {
        CountDownLatch gate = new CountDownLatch(1);
        decoder.gate = gate;
        int[] prompt = text(300, 1);
        try (Scheduler scheduler = scheduler(5, 4 * CONTEXT)) {
            List<Generation> all = new ArrayList<>();
            for (int i = 0; i < 5; i++) {
                all.add(submit(scheduler, GenerationRequest.of(prompt).withAnswerTokensMax(3)));
            }
            gate.countDown();
            for (Generation generation : all) {
                assertThat(generation.await().tokens()).isEqualTo(expectedAnswer(prompt, 3));
            }
            // Four blocks once, then what is left of the prompt and two tokens more for each.
            assertThat(decoder.decodedTokens.get()).isEqualTo(256 + 5 * (300 - 256 + 2));
            assertThat(scheduler.statistics().prefixHitTokens()).isEqualTo(4 * 256);
        }
    }

    @Test
    void callersGetEqualSharesOfTheRound() throws InterruptedException {
        CountDownLatch gate = new CountDownLatch(1);
        decoder.gate = gate;
        try (Scheduler scheduler = scheduler(8, 16 * CONTEXT)) {
            Generation first = submit(scheduler, GenerationRequest.of(1, 2, 3).withAnswerTokensMax(60));
            // In a round of prompts alone, who is there first would have more than his share.
            decoder.called.await();
            List<Generation> all = new ArrayList<>(List.of(first));
            for (int i = 0; i < 4; i++) {
                all.add(submit(
                        scheduler,
                        GenerationRequest.of(text(400, i))
                                .withAnswerTokensMax(1)
                                .withCaller("busy", "")));
            }
            Generation other = submit(
                    scheduler,
                    GenerationRequest.of(text(400, 9)).withAnswerTokensMax(1).withCaller("other", ""));
            List<Generation> ended = new ArrayList<>();
            all.add(other);
            all.forEach(generation -> generation.whenDone(() -> ended.add(generation)));
            gate.countDown();
            for (Generation generation : all) {
                generation.await();
            }
            assertIdle(scheduler);
            // The other caller has half of each round's 128 prompt tokens, as has the first of the busy one's requests.
            assertThat(ended.indexOf(other)).isLessThanOrEqualTo(1);
            assertThat(ended.getLast()).isNotSameAs(other);
        }
    }

    @Test
    void cancellingFreesBlocksWhileOthersRun() throws InterruptedException {
        try (Scheduler scheduler = scheduler(2, 2 * CONTEXT)) {
            Generation generation =
                    submit(scheduler, GenerationRequest.of(text(200, 1)).withAnswerTokensMax(300));
            Generation cancelled =
                    submit(scheduler, GenerationRequest.of(text(300, 2)).withAnswerTokensMax(200));
            cancelled.cancel();
            assertThat(generation.await().tokens()).hasSize(300);
            assertIdle(scheduler);
            assertThat(cancelled.isDone()).isTrue();
        }
    }

    @Test
    void saysWhenToComeAgainByThePaceOfTheLast() {
        Pace pace = new Pace();
        assertThat(pace.until(3)).hasSeconds(5);
        for (int i = 0; i < 40; i++) {
            pace.ended(i * 3_000_000_000L);
        }
        assertThat(pace.until(3)).hasSeconds(9);
        assertThat(pace.until(10_000)).hasMinutes(10);
    }

    @Test
    void keepsTheCacheInBytesToo() throws InterruptedException {
        LoadOptions options = LoadOptions.defaults().withCache(0, KeyValueType.Q8);
        try (LanguageModel model = LanguageModel.of(decoder, TOKENIZER, null, options)) {
            // A byte cannot tell all tokens apart; that there is an answer at all is what counts here.
            assertThat(model.generate(
                                    GenerationRequest.of(text(100, 1)).withAnswerTokensMax(5), GenerationListener.NONE)
                            .tokens())
                    .hasSize(5);
        }
    }
}
