package dev.guildhall.engine.generation;

import dev.guildhall.engine.model.Backend;
import dev.guildhall.engine.model.RotaryShape;
import dev.guildhall.engine.tensor.KeyValueType;
import java.util.List;

/**
 * How a model is run.
 *
 * @param threads that compute
 * @param contextTokens longest prompt and answer together; never more than the model, stretched as it may be, has
 *     positions, which 0 stands for
 * @param sequencesMax requests that are answered at once, taking turns token by token
 * @param waitingMax requests that may wait for their turn
 * @param cachedTokensMax tokens whose keys and values are kept in memory, for running requests and for later ones that
 *     begin alike; never fewer than the context
 * @param cacheType how keys and values are stored
 * @param ropeFactors by which the context may be stretched (YaRN) for requests that do not fit otherwise; those that fit
 *     are answered with the smallest
 */
public record LoadOptions(
        Backend backend,
        int threads,
        int contextTokens,
        int sequencesMax,
        int waitingMax,
        int cachedTokensMax,
        KeyValueType cacheType,
        List<Double> ropeFactors) {

    private static final int ROPE_FACTORS_MAX = 16;

    public LoadOptions {
        check("threads", threads, 1, 1_024);
        check("contextTokens", contextTokens, 0, 1 << 26);
        check("sequencesMax", sequencesMax, 1, 256);
        check("waitingMax", waitingMax, 0, 100_000);
        check("cachedTokensMax", cachedTokensMax, 0, Integer.MAX_VALUE);
        ropeFactors = List.copyOf(ropeFactors);
        check("ropeFactors' size", ropeFactors.size(), 0, ROPE_FACTORS_MAX);
        for (double factor : ropeFactors) {
            if (!(factor >= 1 && factor <= RotaryShape.FACTOR_MAX)) {
                throw new IllegalArgumentException(
                        "ropeFactors has %s; allowed is 1 to %d".formatted(factor, RotaryShape.FACTOR_MAX));
            }
        }
    }

    /** The context is never stretched beyond what the model's file says, and the cache keeps full precision. */
    public LoadOptions(
            Backend backend, int threads, int contextTokens, int sequencesMax, int waitingMax, int cachedTokensMax) {
        this(backend, threads, contextTokens, sequencesMax, waitingMax, cachedTokensMax, KeyValueType.F32, List.of());
    }

    /** The Vector API on all cores, and the model's own context. */
    public static LoadOptions defaults() {
        return new LoadOptions(Backend.VECTOR, Runtime.getRuntime().availableProcessors(), 0, 4, 64, 0);
    }

    public LoadOptions withBackend(Backend backend, int threads) {
        return new LoadOptions(
                backend, threads, contextTokens, sequencesMax, waitingMax, cachedTokensMax, cacheType, ropeFactors);
    }

    public LoadOptions withContextTokens(int contextTokens) {
        return new LoadOptions(
                backend, threads, contextTokens, sequencesMax, waitingMax, cachedTokensMax, cacheType, ropeFactors);
    }

    public LoadOptions withQueue(int sequencesMax, int waitingMax) {
        return new LoadOptions(
                backend, threads, contextTokens, sequencesMax, waitingMax, cachedTokensMax, cacheType, ropeFactors);
    }

    public LoadOptions withRopeFactors(List<Double> factors) {
        return new LoadOptions(
                backend, threads, contextTokens, sequencesMax, waitingMax, cachedTokensMax, cacheType, factors);
    }

    public LoadOptions withCache(int cachedTokensMax, KeyValueType cacheType) {
        return new LoadOptions(
                backend, threads, contextTokens, sequencesMax, waitingMax, cachedTokensMax, cacheType, ropeFactors);
    }

    private static void check(String name, int value, int min, int max) {
        if (value < min || value > max) {
            throw new IllegalArgumentException("%s is %d; allowed is %d to %d".formatted(name, value, min, max));
        }
    }
}
