package dev.guildhall.inference.openai;

import dev.guildhall.engine.model.Backend;
import dev.guildhall.engine.tensor.KeyValueType;
import jakarta.validation.constraints.AssertTrue;
import jakarta.validation.constraints.DecimalMax;
import jakarta.validation.constraints.DecimalMin;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.time.Duration;
import java.util.List;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * How the language model is run.
 *
 * @param backend what computes: vector, or scalar for comparisons
 * @param threads that compute; 0 for one per processor
 * @param sequencesMax requests that are answered at once, taking turns token by token
 * @param waitingMax requests that may wait; more are refused with 429
 * @param cachedTokensMax tokens whose keys and values stay in memory for later requests that begin alike; never fewer than
 *     the context
 * @param cacheType how keys and values are kept: f32, or q8 in a quarter of the memory
 * @param ropeFactors by which the context may be stretched (YaRN) for requests that do not fit otherwise
 * @param answersMax most answers to one prompt
 * @param answerTokensDefault longest answer where the request names none
 * @param temperatureDefault where the request names none
 * @param topPDefault where the request names none
 * @param topKDefault where the request names none
 * @param aliveInterval silence after which a connection is written to, to notice a caller that has gone
 * @param drainMax how long running answers may still take when the node shuts down
 * @param warmUpTokens tokens that are written for nobody before the node says that it is ready; 0 for none
 */
@Validated
@ConfigurationProperties(prefix = "guildhall.engine", ignoreUnknownFields = false)
record EngineSettings(
        @DefaultValue("vector") Backend backend,
        @DefaultValue("0") @Min(0) @Max(1024) int threads,
        @DefaultValue("4") @Min(1) @Max(256) int sequencesMax,
        @DefaultValue("32") @Min(0) @Max(10_000) int waitingMax,
        @DefaultValue("0") @Min(0) int cachedTokensMax,
        @DefaultValue("f32") KeyValueType cacheType,
        @DefaultValue List<Double> ropeFactors,
        @DefaultValue("8") @Min(1) @Max(128) int answersMax,
        @DefaultValue("4096") @Min(1) int answerTokensDefault,

        @DefaultValue("0.7") @DecimalMin("0") @DecimalMax("2")
        double temperatureDefault,

        @DefaultValue("0.8") @DecimalMin(value = "0", inclusive = false) @DecimalMax("1")
        double topPDefault,

        @DefaultValue("20") @Min(0) int topKDefault,
        @DefaultValue("1s") Duration aliveInterval,
        @DefaultValue("20s") Duration drainMax,
        @DefaultValue("16") @Min(0) @Max(1024) int warmUpTokens) {

    @AssertTrue(message = "guildhall.engine.rope-factors has a factor that is not between 1 and 1024")
    boolean isStretchable() {
        return ropeFactors.stream().allMatch(factor -> factor >= 1 && factor <= 1024);
    }

    @AssertTrue(message = "guildhall.engine.alive-interval is not between 100ms and 1m")
    boolean isAliveIntervalBounded() {
        return aliveInterval.compareTo(Duration.ofMillis(100)) >= 0
                && aliveInterval.compareTo(Duration.ofMinutes(1)) <= 0;
    }

    @AssertTrue(message = "guildhall.engine.drain-max is not between 0s and 1h")
    boolean isDrainBounded() {
        return !drainMax.isNegative() && drainMax.compareTo(Duration.ofHours(1)) <= 0;
    }

    int threadsOrAll() {
        return threads == 0 ? Runtime.getRuntime().availableProcessors() : threads;
    }
}
