package dev.guildhall.engine.benchmark;

import dev.guildhall.engine.cache.KvCache;
import dev.guildhall.engine.model.Backend;
import dev.guildhall.engine.model.Decoder;
import dev.guildhall.engine.model.Decoder.Slice;
import dev.guildhall.engine.model.Decoders;
import dev.guildhall.engine.model.LogitsWanted;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Random;

/**
 * Tokens per second of a model: {@code EngineBenchmark MODEL.gguf [threads] [repetitions]}.
 *
 * <p>Each repetition reads a prompt of {@value #PROMPT_TOKENS} random tokens into an empty cache (prefill) and appends
 * {@value #DECODED_TOKENS} tokens one by one, each the most likely one (decode). The first repetition warms up and does not
 * count; the medians of the others are printed.
 */
public final class EngineBenchmark {

    private static final int PROMPT_TOKENS = 512;
    private static final int DECODED_TOKENS = 64;
    private static final int REPETITIONS_DEFAULT = 5;
    private static final int RANDOM_TOKENS_BELOW = 32_000;

    private EngineBenchmark() {}

    /** Seconds of one repetition. */
    private record Times(double prefill, double decode) {}

    public static void main(String[] arguments) throws IOException {
        if (arguments.length < 1 || arguments.length > 3) {
            System.err.println("usage: EngineBenchmark MODEL.gguf [threads] [repetitions]");
            System.exit(2);
        }
        int threads = arguments.length > 1
                ? Integer.parseInt(arguments[1])
                : Runtime.getRuntime().availableProcessors();
        int repetitions = arguments.length > 2 ? Integer.parseInt(arguments[2]) : REPETITIONS_DEFAULT;
        run(Path.of(arguments[0]), threads, repetitions, System.out);
    }

    private static void run(Path model, int threads, int repetitions, PrintStream out) throws IOException {
        long start = System.nanoTime();
        try (Decoder decoder = Decoders.load(model, Backend.VECTOR, threads)) {
            double loadSeconds = secondsSince(start);
            List<Times> times = new ArrayList<>();
            for (int i = 0; i <= repetitions; i++) {
                Times measured = measure(decoder);
                if (i > 0) {
                    times.add(measured);
                }
            }
            out.printf(
                    Locale.ROOT,
                    "model=%s threads=%d load=%.1f s weights=%d MiB prefill(%d)=%.1f tokens/s decode(%d)=%.1f tokens/s%n",
                    model.getFileName(),
                    threads,
                    loadSeconds,
                    decoder.weightBytes() >> 20,
                    PROMPT_TOKENS,
                    PROMPT_TOKENS
                            / median(times.stream().mapToDouble(Times::prefill).toArray()),
                    DECODED_TOKENS,
                    DECODED_TOKENS
                            / median(times.stream().mapToDouble(Times::decode).toArray()));
        }
    }

    private static Times measure(Decoder decoder) {
        int tokensBelow = Math.min(decoder.config().vocabularySize(), RANDOM_TOKENS_BELOW);
        int[] prompt = new Random(1).ints(PROMPT_TOKENS, 0, tokensBelow).toArray();
        try (KvCache cache = decoder.openCache(PROMPT_TOKENS + DECODED_TOKENS)) {
            long start = System.nanoTime();
            int next = mostLikely(decode(decoder, cache, prompt));
            double prefill = secondsSince(start);
            start = System.nanoTime();
            for (int i = 0; i < DECODED_TOKENS; i++) {
                next = mostLikely(decode(decoder, cache, next));
            }
            return new Times(prefill, secondsSince(start));
        }
    }

    private static float[] decode(Decoder decoder, KvCache cache, int... tokens) {
        return decoder.decode(List.of(new Slice(cache, tokens, LogitsWanted.LAST)))
                .last(0);
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

    private static double secondsSince(long start) {
        return (System.nanoTime() - start) / 1e9;
    }

    private static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return sorted[sorted.length / 2];
    }
}
