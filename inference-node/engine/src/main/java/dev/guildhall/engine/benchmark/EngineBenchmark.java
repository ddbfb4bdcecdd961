package dev.guildhall.engine.benchmark;

import dev.guildhall.engine.cache.BlockPool;
import dev.guildhall.engine.cache.CacheScope;
import dev.guildhall.engine.cache.KvCache;
import dev.guildhall.engine.model.Backend;
import dev.guildhall.engine.model.Decoder;
import dev.guildhall.engine.model.Decoder.Slice;
import dev.guildhall.engine.model.Decoders;
import dev.guildhall.engine.model.LogitsWanted;
import dev.guildhall.engine.model.ModelConfig;
import dev.guildhall.engine.tensor.KeyValueType;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Random;

/**
 * Seconds that a model takes, measured on demand, so that it can take turns with another engine:
 * {@code EngineBenchmark MODEL.gguf THREADS}.
 *
 * <p>It says {@code ready} when the model is loaded. Every line of standard input, {@code PROMPT_TOKENS DECODED_TOKENS}, is one
 * measurement: that many random tokens go into an empty cache, then tokens are appended one by one, each the likeliest.
 * The answer is one line: seconds of both, the process's resident bytes, and those of the cache.
 */
public final class EngineBenchmark {

    private static final int RANDOM_TOKENS_BELOW = 32_000;

    private EngineBenchmark() {}

    public static void main(String[] arguments) throws IOException {
        if (arguments.length != 2) {
            System.err.println("usage: EngineBenchmark MODEL.gguf THREADS");
            System.exit(2);
        }
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        run(Path.of(arguments[0]), Integer.parseInt(arguments[1]), in, System.out);
    }

    private static void run(Path model, int threads, BufferedReader in, PrintStream out) throws IOException {
        try (Decoder decoder = Decoders.load(model, Backend.VECTOR, threads)) {
            ModelConfig config = decoder.config();
            // As a server has it: what one measurement used, the next one uses again.
            BlockPool memory = new BlockPool(
                    config.layers(),
                    config.attention().cache(),
                    KeyValueType.F32,
                    BlockPool.blocks(config.contextLength()));
            out.println("ready");
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                String[] numbers = line.split(" ", 2);
                measure(decoder, memory, Integer.parseInt(numbers[0]), Integer.parseInt(numbers[1]), out);
            }
        }
    }

    private static void measure(Decoder decoder, BlockPool memory, int promptTokens, int decodedTokens, PrintStream out)
            throws IOException {
        int tokensBelow = Math.min(decoder.config().vocabularySize(), RANDOM_TOKENS_BELOW);
        int[] prompt = new Random(1).ints(promptTokens, 0, tokensBelow).toArray();
        CacheScope scope = new CacheScope("", decoder.config().rotary().factor(), "");
        try (KvCache cache = new KvCache(memory, scope, promptTokens + decodedTokens)) {
            long start = System.nanoTime();
            int next = mostLikely(decode(decoder, cache, prompt));
            double prefill = secondsSince(start);
            start = System.nanoTime();
            for (int i = 0; i < decodedTokens; i++) {
                next = mostLikely(decode(decoder, cache, next));
            }
            out.printf(Locale.ROOT, "%.6f %.6f %d %d%n", prefill, secondsSince(start), residentBytes(), cache.bytes());
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

    /** As Linux tells it; 0 elsewhere. */
    private static long residentBytes() throws IOException {
        Path status = Path.of("/proc/self/status");
        if (!Files.exists(status)) {
            return 0;
        }
        for (String line : Files.readAllLines(status)) {
            if (line.startsWith("VmRSS:")) {
                return Long.parseLong(line.replaceAll("\\D", "")) << 10;
            }
        }
        return 0;
    }

    private static double secondsSince(long start) {
        return (System.nanoTime() - start) / 1e9;
    }
}
