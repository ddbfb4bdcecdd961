package dev.guildhall.engine.generation;

/**
 * What makes tokens that were there before less likely, or more.
 *
 * @param repetition divides a positive logit of a token of prompt or answer, and multiplies a negative one; 1 for none
 * @param presence is taken off the logit of each token of the answer; 0 for none
 * @param frequency is taken off that logit as often as the answer has the token; 0 for none
 */
public record Penalties(double repetition, double presence, double frequency) {

    public static final Penalties NONE = new Penalties(1, 0, 0);

    private static final double MAX = 2;

    public Penalties {
        SamplingOptions.check(
                "repetition_penalty", repetition, repetition > 0 && repetition <= 10, "above 0, up to 10");
        SamplingOptions.check("presence_penalty", presence, Math.abs(presence) <= MAX, "-2 to 2");
        SamplingOptions.check("frequency_penalty", frequency, Math.abs(frequency) <= MAX, "-2 to 2");
    }
}
