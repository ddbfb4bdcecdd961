package dev.guildhall.inference.openai;

import dev.guildhall.engine.generation.FinishReason;
import dev.guildhall.engine.generation.GenerationResult;
import dev.guildhall.engine.generation.ModelStatistics;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import java.util.stream.DoubleStream;

/** What the model does, in numbers: named as vLLM names them, so that dashboards made for it show this node as well. */
class AnswerMeters {

    private static final double[] FIRST_TOKEN_SECONDS = {
        0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20, 40, 80, 160, 640
    };
    private static final double[] TOKEN_SECONDS = {0.01, 0.025, 0.05, 0.075, 0.1, 0.15, 0.2, 0.3, 0.5, 1, 2.5, 5};
    private static final double[] REQUEST_SECONDS = {0.3, 0.5, 1, 2.5, 5, 10, 15, 20, 30, 60, 120, 240, 480, 960};

    private final MeterRegistry registry;
    private final Tags tags;
    private final ServedModel served;
    private final Timer firstToken;
    private final Timer perToken;
    private final Timer betweenTokens;
    private final Timer endToEnd;
    private final Timer queued;
    private final Timer prefill;
    private final Timer decode;
    private final Map<FinishReason, Counter> finished = new EnumMap<>(FinishReason.class);
    private final Counter abandoned;

    AnswerMeters(MeterRegistry registry, ServedModel served) {
        this.registry = registry;
        this.served = served;
        tags = Tags.of("model_name", served.name());
        gauge("num_requests_running", "Requests that are being answered", ModelStatistics::running);
        gauge("num_requests_waiting", "Requests in the queue", ModelStatistics::waiting);
        gauge("kv_cache_usage_perc", "Share of the cache in use, 1 is all of it", ModelStatistics::cacheUsage);
        count("prefix_cache_queries", "Prompt tokens looked for in the cache", ModelStatistics::prefixQueriedTokens);
        count("prefix_cache_hits", "Prompt tokens found in the cache", ModelStatistics::prefixHitTokens);
        count("num_preemptions", "Requests put back for want of cache", ModelStatistics::preemptions);
        count("prompt_tokens", "Prompt tokens, those from the cache included", ModelStatistics::promptTokens);
        count("generation_tokens", "Tokens of answers", ModelStatistics::answerTokens);
        firstToken = timer("time_to_first_token", "From arrival to the first token", FIRST_TOKEN_SECONDS);
        perToken = timer("time_per_output_token", "Per token after the first, over an answer", TOKEN_SECONDS);
        betweenTokens = timer("inter_token_latency", "From one token to the next", TOKEN_SECONDS);
        endToEnd = timer("e2e_request_latency", "From arrival to the last token", REQUEST_SECONDS);
        queued = timer("request_queue_time", "In the queue", REQUEST_SECONDS);
        prefill = timer("request_prefill_time", "From leaving the queue to the first token", REQUEST_SECONDS);
        decode = timer("request_decode_time", "From the first token to the last", REQUEST_SECONDS);
        for (FinishReason reason : FinishReason.values()) {
            finished.put(reason, finished(reason.name().toLowerCase(Locale.ROOT)));
        }
        abandoned = finished("abort");
    }

    private static String name(String name) {
        return "vllm:" + name;
    }

    private void gauge(String name, String description, ToDoubleFunction<ModelStatistics> value) {
        Gauge.builder(
                        name(name),
                        served,
                        model -> model.statistics().map(value::applyAsDouble).orElse(0.0))
                .description(description)
                .tags(tags)
                .register(registry);
    }

    private void count(String name, String description, ToDoubleFunction<ModelStatistics> value) {
        FunctionCounter.builder(
                        name(name),
                        served,
                        model -> model.statistics().map(value::applyAsDouble).orElse(0.0))
                .description(description)
                .tags(tags)
                .register(registry);
    }

    private Timer timer(String name, String description, double[] bucketSeconds) {
        return Timer.builder(name(name))
                .description(description)
                .tags(tags)
                .serviceLevelObjectives(DoubleStream.of(bucketSeconds)
                        .mapToObj(seconds -> Duration.ofNanos((long) (seconds * 1e9)))
                        .toArray(Duration[]::new))
                .register(registry);
    }

    private Counter finished(String reason) {
        return Counter.builder(name("request_success"))
                .description("Answers by why they ended")
                .tags(tags.and("finished_reason", reason))
                .register(registry);
    }

    /** Notes an answer that is done. */
    void answered(GenerationResult result) {
        Duration toFirst = result.queued().plus(result.prefill());
        firstToken.record(toFirst);
        endToEnd.record(toFirst.plus(result.decode()));
        queued.record(result.queued());
        prefill.record(result.prefill());
        decode.record(result.decode());
        int later = result.tokens().size() - 1;
        if (later > 0) {
            perToken.record(result.decode().dividedBy(later));
        }
        Counter reason = finished.get(result.finishReason());
        if (reason != null) {
            reason.increment();
        }
    }

    /** Notes answers that nobody waits for any more. */
    void abandoned(int answers) {
        abandoned.increment(answers);
    }

    Pace pace() {
        return new Pace();
    }

    /** Times the tokens of one answer. */
    final class Pace {
        private long beforeNanos;

        void token() {
            long now = System.nanoTime();
            if (beforeNanos != 0) {
                betweenTokens.record(Duration.ofNanos(now - beforeNanos));
            }
            beforeNanos = now;
        }
    }
}
