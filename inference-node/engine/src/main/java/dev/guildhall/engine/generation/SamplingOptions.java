package dev.guildhall.engine.generation;

/**
 * How the next token is picked.
 *
 * @param temperature 0 takes the likeliest token; above, probabilities are flattened by it
 * @param topK only so many likeliest tokens are in the draw; 0 for all
 * @param topP only the likeliest tokens that together reach this probability are in the draw
 * @param minP only tokens at least this likely, relative to the likeliest, are in the draw
 * @param repetitionPenalty tokens that were there before are made less likely; 1 for none
 * @param seed the same seed gives the same answer
 */
public record SamplingOptions(
        double temperature, int topK, double topP, double minP, double repetitionPenalty, long seed) {

    public static final double TEMPERATURE_MAX = 100;

    /** Always the likeliest token. */
    public static final SamplingOptions GREEDY = new SamplingOptions(0, 0, 1, 0, 1, 0);

    public SamplingOptions {
        check("temperature", temperature, temperature >= 0 && temperature <= TEMPERATURE_MAX, "0 to 100");
        check("top_k", topK, topK >= 0, "0 or more");
        check("top_p", topP, topP > 0 && topP <= 1, "above 0, up to 1");
        check("min_p", minP, minP >= 0 && minP <= 1, "0 to 1");
        check(
                "repetition_penalty",
                repetitionPenalty,
                repetitionPenalty > 0 && repetitionPenalty <= 10,
                "above 0, up to 10");
    }

    private static void check(String name, double value, boolean allowed, String range) {
        if (!allowed) {
            throw new IllegalArgumentException("%s is %s; allowed is %s".formatted(name, value, range));
        }
    }
}
