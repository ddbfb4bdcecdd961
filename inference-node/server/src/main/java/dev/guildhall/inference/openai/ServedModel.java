package dev.guildhall.inference.openai;

import dev.guildhall.engine.generation.GenerationListener;
import dev.guildhall.engine.generation.GenerationRequest;
import dev.guildhall.engine.generation.LanguageModel;
import dev.guildhall.engine.generation.ModelStatistics;
import dev.guildhall.inference.problem.ApiException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.context.event.EventListener;

/** The language model of this node: loaded in the background, so that the node says from the first moment how it stands. */
class ServedModel implements HealthIndicator, DisposableBean {

    private static final int WARM_UP_PROMPT_TOKENS = 32;
    private static final String WARM_UP_CALLER = "warm-up";
    private static final Logger log = LoggerFactory.getLogger(ServedModel.class);

    /** How the model stands. */
    sealed interface State {

        record Loading() implements State {}

        record WarmingUp() implements State {}

        record Ready(LanguageModel model, Duration loadTime, Instant since) implements State {}

        record Failed(String reason) implements State {}

        record Closed() implements State {}
    }

    private final String name;
    private final Callable<LanguageModel> loader;
    private final int warmUpTokens;
    private volatile State state = new State.Loading();
    private boolean closed; // guarded by this

    /** @param warmUpTokens of the first answer, which nobody sees; 0 for none */
    ServedModel(String name, Callable<LanguageModel> loader, int warmUpTokens) {
        this.name = name;
        this.loader = loader;
        this.warmUpTokens = warmUpTokens;
    }

    @EventListener(ApplicationReadyEvent.class)
    void loadInBackground() {
        Thread.ofPlatform().name("load-model").daemon().start(this::load);
    }

    private void load() {
        Instant start = Instant.now();
        try {
            LanguageModel model = loader.call();
            advance(new State.WarmingUp());
            warmUp(model);
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
            advance(new State.Failed(reason));
            log.error("{} cannot be served: {}", name, reason, failure);
        }
    }

    private synchronized void advance(State next) {
        if (!closed) {
            state = next;
        }
    }

    /** Has the code compiled and the memory touched that the first caller would wait for. */
    private void warmUp(LanguageModel model) throws InterruptedException {
        if (warmUpTokens == 0) {
            return;
        }
        int[] prompt = new int[Math.max(1, Math.min(WARM_UP_PROMPT_TOKENS, model.contextTokens() - warmUpTokens))];
        int answerTokens = Math.min(warmUpTokens, Math.max(1, model.contextTokens() - prompt.length));
        GenerationRequest request = GenerationRequest.of(prompt)
                .withConstraint(model.jsonObject())
                .withAnswerTokensMax(answerTokens)
                .withCaller(WARM_UP_CALLER, WARM_UP_CALLER);
        var _ = model.generate(request, GenerationListener.NONE);
    }

    String name() {
        return name;
    }

    /** What the model is doing, once it is ready. */
    Optional<ModelStatistics> statistics() {
        return state instanceof State.Ready ready ? Optional.of(ready.model.statistics()) : Optional.empty();
    }

    /** The model, where a request names it or none; a 404 where it names another. */
    LanguageModel require(Optional<String> wanted) {
        if (wanted.isPresent() && !wanted.get().equals(name)) {
            throw ApiException.notFound(
                    "model-not-found", "model", "model is '%s'; this node serves '%s'".formatted(wanted.get(), name));
        }
        return require().model();
    }

    /** The model, or a 503 that says why there is none. */
    State.Ready require() {
        return switch (state) {
            case State.Ready ready -> ready;
            case State.Loading _, State.WarmingUp _ ->
                throw ApiException.unavailable(
                        "model-loading", "%s is being loaded; try again in a few seconds".formatted(name));
            case State.Failed failed ->
                throw ApiException.unavailable(
                        "model-failed", "%s cannot be served: %s".formatted(name, failed.reason));
            case State.Closed _ -> throw ApiException.unavailable("shutting-down", "the node shuts down");
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
            case State.WarmingUp _ -> Health.outOfService().withDetail("state", "warming up");
            case State.Closed _ -> Health.outOfService().withDetail("state", "shutting down");
            case State.Failed failed ->
                Health.down().withDetail("state", "failed").withDetail("reason", failed.reason);
        };
        return health.withDetail("model", name).build();
    }

    /** Ends what is still being answered. */
    @Override
    public synchronized void destroy() {
        closed = true;
        State before = state;
        state = new State.Closed();
        if (before instanceof State.Ready ready) {
            ready.model.close();
        }
    }
}
