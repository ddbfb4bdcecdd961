package dev.guildhall.engine.generation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.data.Offset.offset;
import static org.awaitility.Awaitility.await;

import dev.guildhall.engine.format.ModelFormatException;
import dev.guildhall.engine.tokenizer.TextGoldens;
import dev.guildhall.engine.tokenizer.Tokenizer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

class LanguageModelTest {

    private static final Tokenizer TOKENIZER = tokenizer();
    private static final int END = TOKENIZER.encodeWithControlTokens("<|im_end|>")[0];
    private static final String ANSWER = "The refund is never checked: größe 中 😀 done.";

    private static Tokenizer tokenizer() {
        try {
            return Tokenizer.fromGguf(TextGoldens.FILE, TextGoldens.tinyMetadata("qwen2"));
        } catch (ModelFormatException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Says {@code text} byte by byte after a prompt of {@code promptTokens}, then ends. */
    private static ToIntFunction<List<Integer>> says(int[] answer, int promptTokens) {
        return history -> history.size() - promptTokens < answer.length ? answer[history.size() - promptTokens] : END;
    }

    private static FakeDecoder decoder(ToIntFunction<List<Integer>> next) {
        return new FakeDecoder(TOKENIZER.vocabularySize() + 32, 512, next);
    }

    private static LanguageModel model(FakeDecoder decoder, LoadOptions options) {
        return LanguageModel.of(decoder, TOKENIZER, null, options);
    }

    private static final int[] PROMPT = TOKENIZER.encode("Review the refund service, please, and find what is wrong.");

    private static FakeDecoder answering() {
        return decoder(says(TOKENIZER.encode(ANSWER), PROMPT.length));
    }

    @Test
    void streamsWholeCharactersAndEndsWithTheModel() throws InterruptedException {
        List<String> pieces = new ArrayList<>();
        try (LanguageModel model = model(answering(), LoadOptions.defaults())) {
            GenerationResult result = model.generate(GenerationRequest.of(PROMPT), pieces::add);

            assertThat(result.text()).isEqualTo(ANSWER);
            assertThat(String.join("", pieces)).isEqualTo(ANSWER);
            assertThat(pieces).noneMatch(piece -> piece.contains("\ufffd"));
            assertThat(result.finishReason()).isEqualTo(FinishReason.STOP);
            assertThat(result.promptTokens()).isEqualTo(PROMPT.length);
            assertThat(result.tokens()).hasSize(TOKENIZER.encode(ANSWER).length);
        }
    }

    @Test
    void endsAtTheMostTokens() throws InterruptedException {
        try (LanguageModel model = model(answering(), LoadOptions.defaults())) {
            GenerationResult result =
                    model.generate(GenerationRequest.of(PROMPT).withAnswerTokensMax(3), GenerationListener.NONE);

            assertThat(result.finishReason()).isEqualTo(FinishReason.LENGTH);
            assertThat(result.tokens()).hasSize(3);
        }
    }

    @Test
    void endsBeforeAStopString() throws InterruptedException {
        List<String> pieces = new ArrayList<>();
        try (LanguageModel model = model(answering(), LoadOptions.defaults())) {
            GenerationResult result = model.generate(
                    GenerationRequest.of(PROMPT).withStop(List.of("checked:", "never happens")), pieces::add);

            assertThat(result.text()).isEqualTo("The refund is never ");
            assertThat(String.join("", pieces)).isEqualTo("The refund is never ");
            assertThat(result.finishReason()).isEqualTo(FinishReason.STOP);
        }
    }

    @Test
    void endsBeforeAStopToken() throws InterruptedException {
        int colon = TOKENIZER.encode(":")[0];
        try (LanguageModel model = model(answering(), LoadOptions.defaults())) {
            GenerationResult result = model.generate(
                    GenerationRequest.of(PROMPT).withEnding(new GenerationRequest.Ending(0, List.of(), Set.of(colon))),
                    GenerationListener.NONE);

            assertThat(result.text()).isEqualTo("The refund is never checked");
            assertThat(result.tokens()).doesNotContain(colon);
            assertThat(result.finishReason()).isEqualTo(FinishReason.STOP);
        }
    }

    @Test
    void tellsHowLikelyEachTokenWasBeforeBiasAndPenalties() throws InterruptedException {
        List<String> heard = new ArrayList<>();
        GenerationListener listener = new GenerationListener() {
            @Override
            public void text(String text) {
                heard.add(text);
            }

            @Override
            public void token(int token, @Nullable TokenLogprobs logprobs) {
                heard.add(token + "=" + Objects.requireNonNull(logprobs).token());
            }
        };
        FakeDecoder decoder = decoder(_ -> 40);
        int rows = decoder.config().vocabularySize();
        try (LanguageModel model = model(decoder, LoadOptions.defaults())) {
            GenerationRequest request = GenerationRequest.of(PROMPT)
                    .withAnswerTokensMax(2)
                    .withLogprobs(1)
                    .withSampling(SamplingOptions.GREEDY.withLogitBias(Map.of(41, 50.0)));
            GenerationResult result = model.generate(request, listener);

            // Token 40 has the logit 10 and all others 0.
            double normalizer = Math.log(Math.exp(10) + rows - 1);
            assertThat(result.tokens()).containsExactly(41, 41);
            for (TokenLogprobs logprobs : result.logprobs()) {
                assertThat(logprobs.token()).isEqualTo(41);
                assertThat(logprobs.logprob()).isCloseTo(-normalizer, offset(1e-6));
                assertThat(logprobs.top()).singleElement().satisfies(likeliest -> {
                    assertThat(likeliest.token()).isEqualTo(40);
                    assertThat(likeliest.logprob()).isCloseTo(10 - normalizer, offset(1e-6));
                });
            }
            String piece = TOKENIZER.decode(new int[] {41});
            assertThat(heard).containsExactly("41=41", piece, "41=41", piece);
            assertThat(model.generate(request.withLogprobs(GenerationRequest.NO_LOGPROBS), GenerationListener.NONE)
                            .logprobs())
                    .isEmpty();
        }
    }

    @Test
    void givesSeveralAnswersWithSeedsOfTheirOwn() throws InterruptedException {
        try (LanguageModel model = model(decoder(_ -> 40), LoadOptions.defaults())) {
            GenerationRequest request = GenerationRequest.of(PROMPT)
                    .withAnswerTokensMax(30)
                    .withSampling(new SamplingOptions(2, 0, 1, 0, 1, 42));
            List<List<Integer>> answers = new ArrayList<>();
            for (Generation generation :
                    model.submit(request, List.of(GenerationListener.NONE, GenerationListener.NONE))) {
                answers.add(generation.await().tokens());
            }
            assertThat(answers.get(0)).isNotEqualTo(answers.get(1));
            for (int i = 0; i < answers.size(); i++) {
                GenerationRequest alone =
                        request.withSampling(request.sampling().withSeed(42 + i));
                assertThat(model.generate(alone, GenerationListener.NONE).tokens())
                        .isEqualTo(answers.get(i));
            }
        }
    }

    @Test
    void countsWhatItDoes() throws InterruptedException {
        try (LanguageModel model = model(answering(), LoadOptions.defaults())) {
            GenerationRequest request = GenerationRequest.of(PROMPT).withAnswerTokensMax(5);
            model.generate(request, GenerationListener.NONE);
            model.generate(request, GenerationListener.NONE);
            await().until(() -> model.statistics().running() == 0);
            ModelStatistics statistics = model.statistics();
            assertThat(statistics.promptTokens()).isEqualTo(2L * PROMPT.length);
            assertThat(statistics.answerTokens()).isEqualTo(10);
            assertThat(statistics.prefixQueriedTokens()).isEqualTo(2L * PROMPT.length);
            assertThat(statistics.prefixHitTokens()).isEqualTo(PROMPT.length - 1);
            assertThat(statistics.cacheUsage()).isZero();
        }
    }

    @Test
    void refusesWhatTheModelDoesNotHave() {
        try (LanguageModel model = model(answering(), LoadOptions.defaults())) {
            GenerationRequest request = GenerationRequest.of(PROMPT);
            for (GenerationRequest impossible : List.of(
                    GenerationRequest.of(99_999),
                    request.withEnding(new GenerationRequest.Ending(0, List.of(), Set.of(99_999))),
                    request.withSampling(SamplingOptions.GREEDY.withLogitBias(Map.of(99_999, 1.0))))) {
                assertThatThrownBy(() -> model.submit(impossible, GenerationListener.NONE))
                        .hasMessage("token 99999 is outside the vocabulary of %,d tokens"
                                .formatted(TOKENIZER.vocabularySize()));
            }
            assertThatThrownBy(() -> model.submit(
                            request.withVariant(new GenerationRequest.Variant("style", 0)), GenerationListener.NONE))
                    .hasMessage("adapter style is unknown; this model was loaded without any");
            assertThatThrownBy(() -> request.withLogprobs(21)).hasMessage("topLogprobs is 21; allowed is 0 to 20");
        }
    }

    @Test
    void refusesWhatDoesNotFitTheContext() {
        try (LanguageModel model = model(answering(), LoadOptions.defaults().withContextTokens(100))) {
            assertThatThrownBy(() -> model.submit(GenerationRequest.of(new int[100]), GenerationListener.NONE))
                    .isInstanceOf(ContextLimitException.class)
                    .hasMessage("the prompt has 100 tokens; the context of 100 tokens must hold it and the answer");
            assertThatThrownBy(() -> model.submit(
                            GenerationRequest.of(new int[60]).withAnswerTokensMax(41), GenerationListener.NONE))
                    .isInstanceOf(ContextLimitException.class)
                    .hasMessageContaining("60 tokens and the answer may have 41, together 101; the context holds 100");
        }
        try (LanguageModel model = model(answering(), LoadOptions.defaults().withContextTokens(513))) {
            assertThat(model.contextTokens()).isEqualTo(512);
        }
    }

    @Test
    void stretchesTheContextNoMoreThanARequestNeeds() throws InterruptedException {
        FakeDecoder decoder = decoder(_ -> END);
        try (LanguageModel model = model(decoder, LoadOptions.defaults().withRopeFactors(List.of(4.0, 2.0)))) {
            assertThat(model.contextTokens()).isEqualTo(2048);
            for (int length : new int[] {500, 509, 1020, 1030}) {
                model.generate(GenerationRequest.of(new int[length]).withAnswerTokensMax(3), GenerationListener.NONE);
            }
            // 500 and 509 tokens fit as they are.
            assertThat(decoder.ropeFactors).containsExactly(1.0, 1.0, 2.0, 4.0);

            model.generate(GenerationRequest.of(PROMPT).withRopeFactor(2), GenerationListener.NONE);
            assertThat(decoder.ropeFactors).containsExactly(1.0, 1.0, 2.0, 4.0, 2.0);
            assertThatThrownBy(
                            () -> model.submit(GenerationRequest.of(PROMPT).withRopeFactor(3), GenerationListener.NONE))
                    .hasMessage("ropeFactor is 3.0; this model is run with [1.0, 2.0, 4.0]");
            assertThatThrownBy(() -> model.submit(GenerationRequest.of(new int[2048]), GenerationListener.NONE))
                    .isInstanceOf(ContextLimitException.class)
                    .hasMessageContaining("the context of 2,048 tokens");
            assertThatThrownBy(() ->
                            model.submit(GenerationRequest.of(new int[600]).withRopeFactor(1), GenerationListener.NONE))
                    .isInstanceOf(ContextLimitException.class)
                    .hasMessageContaining("the context of 512 tokens");
        }
    }

    @Test
    void neverReusesWhatWasComputedUnderAnotherRopeFactor() throws InterruptedException {
        try (LanguageModel model = model(answering(), LoadOptions.defaults().withRopeFactors(List.of(2.0)))) {
            GenerationRequest request = GenerationRequest.of(PROMPT).withAnswerTokensMax(5);
            GenerationRequest stretched = request.withRopeFactor(2);
            int reusable = PROMPT.length - 1;
            assertThat(cachedTokens(model, request)).isZero();
            assertThat(cachedTokens(model, stretched)).isZero();
            assertThat(cachedTokens(model, request)).isEqualTo(reusable);
            assertThat(cachedTokens(model, stretched)).isEqualTo(reusable);
        }
    }

    private static int cachedTokens(LanguageModel model, GenerationRequest request) throws InterruptedException {
        return model.generate(request, GenerationListener.NONE).cachedTokens();
    }

    @Test
    void computesASharedBeginningOnce() throws InterruptedException {
        FakeDecoder decoder = answering();
        try (LanguageModel model = model(decoder, LoadOptions.defaults())) {
            GenerationRequest request = GenerationRequest.of(PROMPT).withAnswerTokensMax(5);
            model.generate(request, GenerationListener.NONE);
            int first = decoder.decodedTokens.get();
            GenerationResult again = model.generate(request, GenerationListener.NONE);

            assertThat(again.cachedTokens()).isEqualTo(PROMPT.length - 1);
            assertThat(decoder.decodedTokens.get() - first).isEqualTo(5);
            assertThat(again.text()).isEqualTo(ANSWER.substring(0, again.text().length()));
        }
    }

    @Test
    void sharesNoBeginningAcrossSalts() throws InterruptedException {
        try (LanguageModel model = model(answering(), LoadOptions.defaults())) {
            GenerationRequest request = GenerationRequest.of(PROMPT).withAnswerTokensMax(5);
            model.generate(request.withCaller("a", "a"), GenerationListener.NONE);
            assertThat(model.generate(request.withCaller("b", "b"), GenerationListener.NONE)
                            .cachedTokens())
                    .isZero();
            assertThat(model.generate(request.withCaller("c", "a"), GenerationListener.NONE)
                            .cachedTokens())
                    .isPositive();
        }
    }

    @Test
    void holdsTheAnswerToASchema() throws InterruptedException {
        // The model would say prose; the schema leaves it no way to.
        try (LanguageModel model = model(answering(), LoadOptions.defaults())) {
            GenerationResult result = model.generate(
                    GenerationRequest.of(PROMPT)
                            .withAnswerTokensMax(100)
                            .withConstraint(model.jsonSchema(
                                    "{\"type\":\"object\",\"properties\":{\"severity\":{\"enum\":[\"high\",\"low\"]},"
                                            + "\"line\":{\"type\":\"integer\",\"minimum\":10,\"maximum\":99}},"
                                            + "\"required\":[\"severity\",\"line\"]}")),
                    GenerationListener.NONE);

            assertThat(result.finishReason()).isEqualTo(FinishReason.STOP);
            assertThat(JsonMapper.shared().readTree(result.text()).get("line").intValue())
                    .isBetween(10, 99);
        }
    }

    @Test
    void givesTheSameAnswerForTheSameSeedAloneAndBesideOthers() throws InterruptedException {
        try (LanguageModel model = model(decoder(_ -> 40), LoadOptions.defaults())) {
            GenerationRequest request = GenerationRequest.of(PROMPT)
                    .withAnswerTokensMax(30)
                    .withSampling(new SamplingOptions(2, 0, 0.95, 0, 1, 42));
            List<Integer> alone =
                    model.generate(request, GenerationListener.NONE).tokens();
            List<Generation> together = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                together.add(model.submit(request, GenerationListener.NONE));
            }
            for (Generation generation : together) {
                assertThat(generation.await().tokens()).isEqualTo(alone);
            }
            assertThat(model.generate(
                                    request.withSampling(new SamplingOptions(2, 0, 0.95, 0, 1, 43)),
                                    GenerationListener.NONE)
                            .tokens())
                    .isNotEqualTo(alone);
        }
    }

    @Test
    void refusesMoreThanMayWait() throws InterruptedException {
        FakeDecoder decoder = answering();
        CountDownLatch gate = new CountDownLatch(1);
        decoder.gate = gate;
        try (LanguageModel model = model(decoder, LoadOptions.defaults().withQueue(1, 2))) {
            List<Generation> accepted = new ArrayList<>();
            accepted.add(model.submit(GenerationRequest.of(PROMPT), GenerationListener.NONE));
            await().until(() -> model.runningCount() == 1);
            accepted.add(model.submit(GenerationRequest.of(PROMPT), GenerationListener.NONE));
            accepted.add(model.submit(GenerationRequest.of(PROMPT), GenerationListener.NONE));

            assertThatThrownBy(() -> model.submit(GenerationRequest.of(PROMPT), GenerationListener.NONE))
                    .isInstanceOfSatisfying(
                            QueueFullException.class,
                            full -> assertThat(full.retryAfter()).isPositive())
                    .hasMessageContaining("2 requests are waiting");
            gate.countDown();
            for (Generation generation : accepted) {
                assertThat(generation.await().text()).isEqualTo(ANSWER);
            }
        }
    }

    @Test
    void letsCallersTakeTurns() throws InterruptedException {
        FakeDecoder decoder = answering();
        CountDownLatch gate = new CountDownLatch(1);
        decoder.gate = gate;
        List<String> started = Collections.synchronizedList(new ArrayList<>());
        try (LanguageModel model = model(decoder, LoadOptions.defaults().withQueue(1, 10))) {
            List<Generation> all = new ArrayList<>();
            all.add(model.submit(GenerationRequest.of(PROMPT), GenerationListener.NONE));
            await().until(() -> model.runningCount() == 1);
            for (String caller : List.of("busy", "busy", "busy", "other")) {
                all.add(model.submit(
                        GenerationRequest.of(PROMPT).withCaller(caller, ""),
                        new StartListener(() -> started.add(caller))));
            }
            gate.countDown();
            for (Generation generation : all) {
                generation.await();
            }
        }
        assertThat(started).containsExactly("busy", "other", "busy", "busy");
    }

    private record StartListener(Runnable action) implements GenerationListener {
        @Override
        public void text(String text) {}

        @Override
        public void started(int promptTokens, int cachedTokens) {
            action.run();
        }
    }

    @Test
    void computesNothingMoreOnceCancelled() throws InterruptedException {
        CountDownLatch cancelled = new CountDownLatch(1);
        FakeDecoder decoder = decoder(history -> {
            if (history.size() == PROMPT.length + 20) {
                awaitUninterruptibly(cancelled);
            }
            return 40;
        });
        CountDownLatch some = new CountDownLatch(5);
        try (LanguageModel model = model(decoder, LoadOptions.defaults())) {
            Generation generation = model.submit(GenerationRequest.of(PROMPT), _ -> some.countDown());
            some.await();
            generation.cancel();
            cancelled.countDown();

            assertThatThrownBy(generation::await).isInstanceOf(CancellationException.class);
            int after = decoder.decodedTokens.get();
            assertThat(after).isLessThanOrEqualTo(PROMPT.length + 20);
            await().until(() -> model.runningCount() == 0);
            assertThat(decoder.decodedTokens.get()).isEqualTo(after);
        }
    }

    private static void awaitUninterruptibly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void survivesAFailingDecoderAndAFailingListener() throws InterruptedException {
        boolean[] broken = {true};
        ToIntFunction<List<Integer>> answer = says(TOKENIZER.encode(ANSWER), PROMPT.length);
        FakeDecoder decoder = decoder(history -> {
            if (broken[0]) {
                throw new IllegalStateException("a kernel broke");
            }
            return answer.applyAsInt(history);
        });
        try (LanguageModel model = model(decoder, LoadOptions.defaults())) {
            assertThatThrownBy(() -> model.generate(GenerationRequest.of(PROMPT), GenerationListener.NONE))
                    .isInstanceOf(GenerationFailedException.class)
                    .hasMessageContaining("a kernel broke");
            broken[0] = false;
            assertThatThrownBy(() -> model.generate(GenerationRequest.of(PROMPT), _ -> {
                        throw new IllegalStateException("nobody listens");
                    }))
                    .isInstanceOf(GenerationFailedException.class)
                    .hasMessageContaining("nobody listens");
            assertThat(model.generate(GenerationRequest.of(PROMPT), GenerationListener.NONE)
                            .text())
                    .isEqualTo(ANSWER);
        }
    }

    @Test
    void failsWhatIsUnderWayWhenClosed() {
        FakeDecoder decoder = decoder(_ -> 40);
        LanguageModel model = model(decoder, LoadOptions.defaults().withQueue(1, 4));
        Generation running = model.submit(GenerationRequest.of(PROMPT), GenerationListener.NONE);
        Generation waiting = model.submit(GenerationRequest.of(PROMPT), GenerationListener.NONE);
        model.close();
        for (Generation generation : List.of(running, waiting)) {
            assertThat(generation.isDone()).isTrue();
        }
    }

    @Test
    void answersWithARealModelFile() throws Exception {
        Path file = Path.of(Objects.requireNonNull(LanguageModelTest.class.getResource("/golden/qwen2-tied-f32.gguf"))
                .toURI());
        try (LanguageModel model = LanguageModel.load(file, LoadOptions.defaults())) {
            var expected = JsonMapper.shared()
                    .readTree(
                            file.resolveSibling("qwen2-tied-f32.expected.json").toFile());
            List<Integer> greedy = new ArrayList<>();
            expected.get("greedy").forEach(token -> greedy.add(token.intValue()));
            int[] prompt = new int[expected.get("tokens").size()];
            for (int i = 0; i < prompt.length; i++) {
                prompt[i] = expected.get("tokens").get(i).intValue();
            }
            GenerationRequest request = GenerationRequest.of(prompt).withAnswerTokensMax(greedy.size());
            assertThat(model.generate(request, GenerationListener.NONE).tokens())
                    .isEqualTo(greedy);
            assertThat(model.generate(
                                    request.withConstraint(model.jsonObject())
                                            .withSampling(new SamplingOptions(2, 0, 1, 0, 1, 3)),
                                    GenerationListener.NONE)
                            .text())
                    .startsWith("{");
        }
    }
}
