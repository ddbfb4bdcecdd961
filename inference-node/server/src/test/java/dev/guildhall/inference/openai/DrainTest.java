package dev.guildhall.inference.openai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.guildhall.engine.generation.LanguageModel;
import dev.guildhall.engine.generation.LoadOptions;
import dev.guildhall.engine.model.Backend;
import dev.guildhall.engine.tensor.KeyValueType;
import dev.guildhall.inference.problem.ErrorWriter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.boot.availability.AvailabilityChangeEvent;
import org.springframework.boot.availability.ReadinessState;
import org.springframework.boot.health.contributor.Status;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.mock.web.MockHttpServletResponse;
import tools.jackson.databind.json.JsonMapper;

/** A node that is told to stop while it answers. */
class DrainTest {

    private static final Path MODEL = Path.of("../engine/src/test/resources/golden/qwen2-tied-f32.gguf");

    private final CountDownLatch begun = new CountDownLatch(1);
    private final CountDownLatch answered = new CountDownLatch(1);
    private final List<Object> events = new ArrayList<>();
    private ServedModel served;

    @BeforeEach
    void load() {
        served = new ServedModel("tiny", () -> LanguageModel.load(MODEL, LoadOptions.defaults()), 4);
        served.loadInBackground();
        await().until(() -> served.health().getStatus().equals(Status.UP));
    }

    private Drain drain(Duration drainMax) {
        EngineSettings settings = new EngineSettings(
                Backend.SCALAR,
                1,
                1,
                1,
                0,
                KeyValueType.F32,
                List.of(),
                8,
                100,
                0,
                1,
                0,
                Duration.ofSeconds(1),
                drainMax,
                0);
        return new Drain(settings, served, new ErrorWriter(JsonMapper.shared()), events::add);
    }

    private static MockHttpServletRequest request(String path) {
        return new MockHttpServletRequest("POST", path);
    }

    private CompletableFuture<Void> beginAnswer(Drain drain) {
        FilterChain slow = (_, _) -> {
            begun.countDown();
            awaitUninterrupted(answered);
        };
        return CompletableFuture.runAsync(() -> filter(drain, "/v1/chat/completions", slow));
    }

    private static void awaitUninterrupted(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static MockHttpServletResponse filter(Drain drain, String path, FilterChain chain) {
        MockHttpServletResponse response = new MockHttpServletResponse();
        try {
            drain.doFilter(request(path), response, chain);
        } catch (IOException | ServletException e) {
            throw new IllegalStateException(e);
        }
        return response;
    }

    @Test
    void refusesNewRequestsAndWaitsForThoseThatRun() throws Exception {
        Drain drain = drain(Duration.ofMinutes(1));
        CompletableFuture<Void> answer = beginAnswer(drain);
        begun.await();
        CompletableFuture<Void> stopped = new CompletableFuture<>();
        drain.stop(() -> stopped.complete(null));
        await().until(() -> !events.isEmpty());

        MockHttpServletResponse refused = await().until(
                        () -> filter(drain, "/v1/chat/completions", (_, _) -> {}),
                        response -> response.getStatus() == 503);

        assertThat(refused.getContentAsString()).contains("\"code\":\"shutting-down\"");
        assertThat(refused.getHeader("Retry-After")).isNotNull();
        assertThat(filter(drain, "/actuator/health", (_, _) -> {}).getStatus()).isEqualTo(200);
        assertThat(events.getFirst())
                .isInstanceOfSatisfying(
                        AvailabilityChangeEvent.class,
                        event -> assertThat(event.getState()).isEqualTo(ReadinessState.REFUSING_TRAFFIC));
        assertThat(stopped).isNotDone();
        assertThat(served.health().getStatus()).isEqualTo(Status.UP);
        answered.countDown();
        answer.join();
        stopped.join();
        assertThat(served.health().getDetails()).containsEntry("state", "shutting down");
    }

    @Test
    void breaksOffWhatTakesLongerThanTheLimit() throws Exception {
        Drain drain = drain(Duration.ofMillis(50));
        CompletableFuture<Void> answer = beginAnswer(drain);
        begun.await();

        drain.stop();

        assertThat(served.health().getDetails()).containsEntry("state", "shutting down");
        answered.countDown();
        answer.join();
    }
}
