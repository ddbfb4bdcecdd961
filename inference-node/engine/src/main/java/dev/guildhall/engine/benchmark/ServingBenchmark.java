package dev.guildhall.engine.benchmark;

import dev.guildhall.engine.generation.Generation;
import dev.guildhall.engine.generation.GenerationListener;
import dev.guildhall.engine.generation.GenerationRequest;
import dev.guildhall.engine.generation.LanguageModel;
import dev.guildhall.engine.generation.LoadOptions;
import dev.guildhall.engine.generation.SamplingOptions;
import dev.guildhall.engine.generation.TokenLogprobs;
import dev.guildhall.engine.model.Backend;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What a model gives when it is shared: {@code ServingBenchmark MODEL.gguf [threads] [users] [repetitions]}.
 *
 * <p>One user and several at once get answers of {@value #ANSWER_TOKENS} tokens to prompts of {@value #PROMPT_TOKENS}; the rate is
 * that of all tokens while all of them answer. Then a prompt of {@value #LONG_PROMPT_TOKENS} tokens comes twice: what the second
 * one costs shows the worth of the cache. Lengths and medians are printed.
 */
public final class ServingBenchmark {

    private static final int PROMPT_TOKENS = 64;
    private static final int ANSWER_TOKENS = 48;
    private static final int LONG_PROMPT_TOKENS = 8_192;
    private static final int RANDOM_TOKENS_BELOW = 32_000;

    private ServingBenchmark() {}

    /** When tokens came, of all users. */
    private static final class Clock implements GenerationListener {
        private final List<Long> nanos = Collections.synchronizedList(new ArrayList<>());

        @Override
        public void text(String text) {}

        @Override
        public void token(int token, @Nullable TokenLogprobs logprobs) {
            nanos.add(System.nanoTime());
        }
    }

    public static void main(String[] arguments) throws IOException, InterruptedException {
        if (arguments.length < 1 || arguments.length > 4) {
            System.err.println("usage: ServingBenchmark MODEL.gguf [threads] [users] [repetitions]");
            System.exit(2);
        }
        int[] numbers = {Runtime.getRuntime().availableProcessors(), 8, 3};
        for (int i = 1; i < arguments.length; i++) {
            numbers[i - 1] = Integer.parseInt(arguments[i]);
        }
        run(Path.of(arguments[0]), numbers[0], numbers[1], numbers[2], System.out);
    }

    private static void run(Path file, int threads, int users, int repetitions, PrintStream out)
            throws IOException, InterruptedException {
        LoadOptions options = LoadOptions.defaults()
                .withBackend(Backend.VECTOR, threads)
                .withQueue(users, users)
                .withContextTokens(2 * LONG_PROMPT_TOKENS);
        try (LanguageModel model = LanguageModel.load(file, options)) {
            double[] one = new double[repetitions];
            double[] all = new double[repetitions];
            double[] first = new double[repetitions];
            double[] again = new double[repetitions];
            for (int i = -1; i < repetitions; i++) {
                double oneRate = rate(model, 1, i);
                double allRate = rate(model, users, i);
                int[] prompt = prompt(LONG_PROMPT_TOKENS, 1_000 + i);
                double firstTime = i < 0 ? 0 : prefill(model, prompt);
                double againTime = i < 0 ? 0 : prefill(model, prompt);
                if (i >= 0) { // the first warms up
                    one[i] = oneRate;
                    all[i] = allRate;
                    first[i] = firstTime;
                    again[i] = againTime;
                }
            }
            out.printf(
                    Locale.ROOT,
                    "model=%s threads=%d prompt=%d answer=%d users=1: %.1f tokens/s users=%d: %.1f tokens/s, %.2f times; "
                            + "prefill(%d)=%.2f s, seen before %.3f s, %.2f %%%n",
                    file.getFileName(),
                    threads,
                    PROMPT_TOKENS,
                    ANSWER_TOKENS,
                    median(one),
                    users,
                    median(all),
                    median(all) / median(one),
                    LONG_PROMPT_TOKENS,
                    median(first),
                    median(again),
                    100 * median(again) / median(first));
        }
    }

    /** Tokens per second from when every user has the first until one has the last. */
    private static double rate(LanguageModel model, int users, int seed) throws InterruptedException {
        List<Clock> clocks = new ArrayList<>();
        List<Generation> generations = new ArrayList<>();
        for (int user = 0; user < users; user++) {
            Clock clock = new Clock();
            clocks.add(clock);
            generations.add(model.submit(
                    request(model, prompt(PROMPT_TOKENS, 100 * seed + user)).withAnswerTokensMax(ANSWER_TOKENS),
                    clock));
        }
        for (Generation generation : generations) {
            generation.await();
        }
        long start =
                clocks.stream().mapToLong(clock -> clock.nanos.getFirst()).max().orElseThrow();
        long end =
                clocks.stream().mapToLong(clock -> clock.nanos.getLast()).min().orElseThrow();
        long tokens = clocks.stream()
                .flatMap(clock -> clock.nanos.stream())
                .filter(time -> time > start && time <= end)
                .count();
        return tokens * 1e9 / (end - start);
    }

    private static double prefill(LanguageModel model, int[] prompt) throws InterruptedException {
        return model.generate(request(model, prompt).withAnswerTokensMax(1), GenerationListener.NONE)
                        .prefill()
                        .toNanos()
                / 1e9;
    }

    /** No answer ends before its length. */
    private static GenerationRequest request(LanguageModel model, int[] prompt) {
        Map<Integer, Double> bias = model.tokenizer().endOfGeneration().stream()
                .collect(Collectors.toMap(token -> token, _ -> -SamplingOptions.BIAS_MAX));
        return GenerationRequest.of(prompt).withSampling(SamplingOptions.GREEDY.withLogitBias(bias));
    }

    private static int[] prompt(int tokens, int seed) {
        return new Random(seed).ints(tokens, 0, RANDOM_TOKENS_BELOW).toArray();
    }

    private static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return sorted[sorted.length / 2];
    }
}
