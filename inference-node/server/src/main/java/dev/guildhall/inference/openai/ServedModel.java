package dev.guildhall.inference.openai;

import dev.guildhall.engine.generation.LanguageModel;
import dev.guildhall.inference.problem.ApiException;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Callable;
import java.util.function.ToIntFunction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.context.event.EventListener;

/** The language model of this node: loaded in the background, so that the node says from the first moment how it stands. */
class ServedModel implements HealthIndicator, DisposableBean {

    private static final Logger log = LoggerFactory.getLogger(ServedModel.class);

    /** How the model stands. */
    sealed interface State {

        record Loading() implements State {}

        record Ready(LanguageModel model, Duration loadTime, Instant since) implements State {}

        record Failed(String reason) implements State {}
    }

    private final String name;
    private final Callable<LanguageModel> loader;
    private volatile State state = new State.Loading();
    private boolean closed; // guarded by this

    ServedModel(String name, Callable<LanguageModel> loader, MeterRegistry meters) {
        this.name = name;
        this.loader = loader;
        gauge(
                meters,
                "guildhall.engine.requests.running",
                "Requests that are being answered",
                LanguageModel::runningCount);
        gauge(meters, "guildhall.engine.requests.waiting", "Requests in the queue", LanguageModel::waitingCount);
    }

    private void gauge(MeterRegistry meters, String meter, String description, ToIntFunction<LanguageModel> count) {
        Gauge.builder(
                        meter,
                        this,
                        served -> served.state instanceof State.Ready ready ? count.applyAsInt(ready.model) : 0)
                .description(description)
                .register(meters);
    }

    @EventListener(ApplicationReadyEvent.class)
    void loadInBackground() {
        Thread.ofPlatform().name("load-model").daemon().start(this::load);
    }

    private void load() {
        Instant start = Instant.now();
        try {
            LanguageModel model = loader.call();
            Duration loadTime = Duration.between(start, Instant.now());
            synchronized (this) {
                if (closed) {
                    model.close();
                    return;
                }
                state = new State.Ready(model, loadTime, Instant.now());
            }
            log.info("{} is ready after {} ms: context {} tokens", name, loadTime.toMillis(), model.contextTokens());
        } catch (Exception | OutOfMemoryError failure) {
            String reason = failure instanceof OutOfMemoryError
                    ? "not enough memory: raise the heap (-Xmx), or choose a smaller model"
                    : failure.getMessage() == null ? failure.toString() : failure.getMessage();
            state = new State.Failed(reason);
            log.error("{} cannot be served: {}", name, reason, failure);
        }
    }

    String name() {
        return name;
    }

    /** The model, or a 503 that says why there is none. */
    State.Ready require() {
        return switch (state) {
            case State.Ready ready -> ready;
            case State.Loading _ ->
                throw ApiException.unavailable(
                        "model-loading", "%s is being loaded; try again in a few seconds".formatted(name));
            case State.Failed failed ->
                throw ApiException.unavailable(
                        "model-failed", "%s cannot be served: %s".formatted(name, failed.reason));
        };
    }

    @Override
    public Health health() {
        Health.Builder health = switch (state) {
            case State.Ready ready ->
                Health.up()
                        .withDetail("state", "ready")
                        .withDetail("contextTokens", ready.model.contextTokens())
                        .withDetail("loadMillis", ready.loadTime.toMillis());
            case State.Loading _ -> Health.outOfService().withDetail("state", "loading");
            case State.Failed failed ->
                Health.down().withDetail("state", "failed").withDetail("reason", failed.reason);
        };
        return health.withDetail("model", name).build();
    }

    @Override
    public synchronized void destroy() {
        closed = true;
        if (state instanceof State.Ready ready) {
            ready.model.close();
        }
    }
}
