package dev.guildhall.engine.generation;

import java.util.Map;

/**
 * How the next token is picked.
 *
 * @param temperature 0 takes the likeliest token; above, probabilities are flattened by it
 * @param topK only so many likeliest tokens are in the draw; 0 for all
 * @param topP only the likeliest tokens that together reach this probability are in the draw
 * @param minP only tokens at least this likely, relative to the likeliest, are in the draw
 * @param logitBias what is added to the logits of some tokens
 * @param seed the same seed gives the same answer
 */
public record SamplingOptions(
        double temperature,
        int topK,
        double topP,
        double minP,
        Penalties penalties,
        Map<Integer, Double> logitBias,
        long seed) {

    public static final double TEMPERATURE_MAX = 100;
    public static final double BIAS_MAX = 100;

    /** Always the likeliest token. */
    public static final SamplingOptions GREEDY = new SamplingOptions(0, 0, 1, 0, 1, 0);

    public SamplingOptions {
        check("temperature", temperature, temperature >= 0 && temperature <= TEMPERATURE_MAX, "0 to 100");
        check("top_k", topK, topK >= 0, "0 or more");
        check("top_p", topP, topP > 0 && topP <= 1, "above 0, up to 1");
        check("min_p", minP, minP >= 0 && minP <= 1, "0 to 1");
        logitBias = Map.copyOf(logitBias);
        logitBias.forEach((token, bias) ->
                check("logit_bias of token " + token, bias, Math.abs(bias) <= BIAS_MAX, "-100 to 100"));
    }

    /** Without bias, and with no penalty but one. */
    public SamplingOptions(
            double temperature, int topK, double topP, double minP, double repetitionPenalty, long seed) {
        this(temperature, topK, topP, minP, new Penalties(repetitionPenalty, 0, 0), Map.of(), seed);
    }

    public SamplingOptions withPenalties(Penalties penalties) {
        return new SamplingOptions(temperature, topK, topP, minP, penalties, logitBias, seed);
    }

    public SamplingOptions withLogitBias(Map<Integer, Double> bias) {
        return new SamplingOptions(temperature, topK, topP, minP, penalties, bias, seed);
    }

    public SamplingOptions withSeed(long seed) {
        return new SamplingOptions(temperature, topK, topP, minP, penalties, logitBias, seed);
    }

    static void check(String name, double value, boolean allowed, String range) {
        if (!allowed) {
            throw new IllegalArgumentException("%s is %s; allowed is %s".formatted(name, value, range));
        }
    }
}
