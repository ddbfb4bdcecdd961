package dev.guildhall.engine.generation;

import dev.guildhall.engine.model.ModelConfig;
import java.util.List;
import java.util.stream.Stream;

/** The factors by which a model's context may be stretched, and which of them a request gets. */
final class RopeFactors {

    private final ModelConfig config;
    private final int contextTokensMax; // 0 for no limit
    private final List<Double> allowed; // ascending

    /** @param configured beside the model's own factor, which is always allowed */
    RopeFactors(ModelConfig config, List<Double> configured, int contextTokensMax) {
        this.config = config;
        this.contextTokensMax = contextTokensMax;
        allowed = Stream.concat(Stream.of(config.rotary().factor()), configured.stream())
                .distinct()
                .sorted()
                .toList();
    }

    /** Longest prompt and answer together under any factor. */
    int contextTokens() {
        return allowed.stream().mapToInt(this::contextTokens).max().orElseThrow();
    }

    /** The same under one factor. */
    int contextTokens(double factor) {
        int tokens = config.contextLength(factor);
        return contextTokensMax == 0 ? tokens : Math.min(tokens, contextTokensMax);
    }

    /** The one that the request names, or the smallest under which {@code tokens} fit; the largest when none does. */
    double choose(double named, long tokens) {
        if (named == 0) {
            return allowed.stream()
                    .filter(factor -> tokens <= contextTokens(factor))
                    .findFirst()
                    .orElse(allowed.getLast());
        }
        if (!allowed.contains(named)) {
            throw new IllegalArgumentException("ropeFactor is %s; this model is run with %s".formatted(named, allowed));
        }
        return named;
    }
}
