package dev.guildhall.inference.openai;

import dev.guildhall.engine.model.Backend;
import jakarta.validation.constraints.DecimalMax;
import jakarta.validation.constraints.DecimalMin;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.time.Duration;
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
 * @param cachedTokensMax tokens whose keys and values stay in memory for later requests that begin alike; 0 for twice
 *     the context
 * @param answerTokensDefault longest answer where the request names none
 * @param temperatureDefault where the request names none
 * @param topPDefault where the request names none
 * @param topKDefault where the request names none
 * @param aliveInterval silence after which a connection is written to, to notice a caller that has gone
 */
@Validated
@ConfigurationProperties(prefix = "guildhall.engine", ignoreUnknownFields = false)
record EngineSettings(
        @DefaultValue("vector") Backend backend,
        @DefaultValue("0") @Min(0) @Max(1024) int threads,
        @DefaultValue("4") @Min(1) @Max(256) int sequencesMax,
        @DefaultValue("32") @Min(0) @Max(10_000) int waitingMax,
        @DefaultValue("0") @Min(0) int cachedTokensMax,
        @DefaultValue("4096") @Min(1) int answerTokensDefault,

        @DefaultValue("0.7") @DecimalMin("0") @DecimalMax("2")
        double temperatureDefault,

        @DefaultValue("0.8") @DecimalMin(value = "0", inclusive = false) @DecimalMax("1")
        double topPDefault,

        @DefaultValue("20") @Min(0) int topKDefault,
        @DefaultValue("5s") Duration aliveInterval) {

    int threadsOrAll() {
        return threads == 0 ? Runtime.getRuntime().availableProcessors() : threads;
    }
}
