package dev.guildhall.reviewbot.reviewer;

/** What asking a model cost. */
public record ModelUsage(int calls, long promptTokens, long completionTokens, long millis) {

    public static final ModelUsage NONE = new ModelUsage(0, 0, 0, 0);

    public ModelUsage plus(ModelUsage other) {
        return new ModelUsage(
                calls + other.calls,
                promptTokens + other.promptTokens,
                completionTokens + other.completionTokens,
                millis + other.millis);
    }
}
