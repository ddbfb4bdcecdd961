package dev.guildhall.platform.part;

import io.swagger.v3.oas.annotations.Operation;
import java.net.http.HttpClient;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.health.actuate.endpoint.HealthDescriptor;
import org.springframework.boot.health.actuate.endpoint.HealthEndpoint;
import org.springframework.boot.info.BuildProperties;
import org.springframework.http.client.JdkClientHttpRequestFactory;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.client.RestClient;
import org.springframework.web.client.RestClientException;

/** Tells how the parts of the platform are, each asked now. */
@RestController
class SystemController {

    private static final String UNREACHABLE = "unreachable";

    private final HealthEndpoint health;
    private final Map<String, String> services = new LinkedHashMap<>();
    private final RestClient client;
    private final String version;

    SystemController(HealthEndpoint health, PartSettings settings, ObjectProvider<BuildProperties> build) {
        this.health = health;
        services.put(Parts.INDEXER, settings.indexerUrl());
        services.put(Parts.REVIEW_BOT, settings.reviewBotUrl());
        services.put("inference-node", settings.inferenceUrl());
        JdkClientHttpRequestFactory requests = new JdkClientHttpRequestFactory(HttpClient.newBuilder()
                .connectTimeout(settings.healthPatience())
                .build());
        requests.setReadTimeout(settings.healthPatience());
        this.client = RestClient.builder().requestFactory(requests).build();
        BuildProperties properties = build.getIfAvailable();
        String known = properties == null ? null : properties.getVersion();
        this.version = known == null ? "unknown" : known;
    }

    @GetMapping("/api/v1/system")
    @Operation(summary = "How the parts of the platform are")
    SystemState system() throws InterruptedException {
        Map<String, Callable<Part>> questions = new LinkedHashMap<>();
        questions.put("platform-api", () -> new Part("platform-api", "up", ""));
        questions.put("postgresql", () -> component("postgresql", "db"));
        questions.put("kafka", () -> component("kafka", "kafka"));
        questions.put("keycloak", () -> component("keycloak", "keycloak"));
        services.forEach((name, url) -> questions.put(name, () -> service(name, url)));
        try (ExecutorService asking = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Part>> answers = asking.invokeAll(questions.values());
            return new SystemState(
                    version, answers.stream().map(SystemController::answer).toList());
        }
    }

    private static Part answer(Future<Part> answer) {
        try {
            return answer.get();
        } catch (InterruptedException exception) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("the question for a part's health was interrupted", exception);
        } catch (ExecutionException exception) {
            throw new IllegalStateException("the question for a part's health failed", exception);
        }
    }

    private Part component(String name, String path) {
        HealthDescriptor descriptor = health.healthForPath(path);
        String state = descriptor == null
                ? "unknown"
                : descriptor.getStatus().getCode().toLowerCase(Locale.ROOT);
        return new Part(name, state, "");
    }

    private Part service(String name, String url) {
        try {
            client.get().uri(url + "/actuator/health").retrieve().toBodilessEntity();
            return new Part(name, "up", "");
        } catch (RestClientException exception) {
            return new Part(name, UNREACHABLE, String.valueOf(exception.getMessage()));
        }
    }

    record SystemState(String version, List<Part> parts) {}

    /**
     * @param state {@code up}, {@code unreachable} or {@code down}
     * @param detail why it is not up
     */
    record Part(String name, String state, String detail) {}
}
