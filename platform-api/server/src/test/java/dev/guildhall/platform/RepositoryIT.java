package dev.guildhall.platform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.guildhall.contract.CommitId;
import dev.guildhall.contract.Topics;
import dev.guildhall.contract.event.IndexProgress;
import dev.guildhall.contract.event.PushEvent;
import dev.guildhall.platform.TestPlatform.Answer;
import dev.guildhall.platform.TestPlatform.Registered;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RepositoryIT {

    @SuppressWarnings("NullAway.Init")
    private TestPlatform platform;

    @BeforeAll
    void start() throws Exception {
        platform = TestPlatform.shared();
    }

    @Test
    void registeringAsksTheIndexerAndShowsTheSecretOnce(@TempDir Path directory) throws Exception {
        try (TestTopic pushes = new TestTopic(Topics.PUSH)) {
            String name = "demo/" + UUID.randomUUID();
            Answer created = create(name, directory.toString());

            assertThat(created.status()).as(created.toString()).isEqualTo(201);
            JsonNode repository = created.json();
            String id = repository.get("id").asString();
            assertThat(repository.get("defaultBranch").asString()).isEqualTo("main");
            assertThat(repository.get("index").get("state").asString()).isEqualTo("none");
            assertThat(repository.get("webhookUrl").asString()).isEqualTo(platform.url + "/webhooks/git/" + id);
            assertThat(repository.get("webhookSecret").asString()).matches("[0-9a-f]{64}");

            PushEvent event = TestPlatform.JSON.readValue(
                    pushes.await(id, 1, Duration.ofSeconds(10)).getFirst().value(), PushEvent.class);
            assertThat(event.ref()).isEqualTo("refs/heads/main");
            assertThat(event.after()).isNull();

            Answer shown = platform.get("/api/v1/repositories/" + id, TestPlatform.asAdmin());
            assertThat(shown.response().body())
                    .doesNotContain(repository.get("webhookSecret").asString());
            byte[] stored = platform.database()
                    .sql("select webhook_secret from repository where id = :id")
                    .param("id", UUID.fromString(id))
                    .query(byte[].class)
                    .single();
            assertThat(new String(stored, StandardCharsets.ISO_8859_1))
                    .doesNotContain(repository.get("webhookSecret").asString());

            Answer taken = create(name.toUpperCase(Locale.ROOT), directory.toString());
            assertThat(taken.status()).isEqualTo(409);
            assertThat(taken.json().get("code").asString()).isEqualTo("repository-name-taken");

            assertThat(platform.delete("/api/v1/repositories/" + id, TestPlatform.asAdmin())
                            .status())
                    .isEqualTo(204);
            assertThat(platform.get("/api/v1/repositories/" + id, TestPlatform.asAdmin())
                            .status())
                    .isEqualTo(404);
            List<@Nullable String> actions = platform.database()
                    .sql("select action from audit_entry where subject = :id order by id")
                    .param("id", id)
                    .query(String.class)
                    .list();
            assertThat(actions).containsExactly("repository.create", "repository.remove");
        }
    }

    @Test
    void everyWrongFieldIsNamed() throws Exception {
        Answer answer = create("../x", "ext::sh -c id");
        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.json().get("errors").findValuesAsString("field")).containsExactly("name", "location");
        Answer empty = platform.post("/api/v1/repositories", "{}", TestPlatform.asAdmin());
        assertThat(empty.json().get("errors").findValuesAsString("field")).contains("name", "location");
        Answer malformed = platform.post("/api/v1/repositories", "{\"name\":", TestPlatform.asAdmin());
        assertThat(malformed.json().get("code").asString()).isEqualTo("malformed-json");
    }

    @Test
    void whatTheIndexerSaysIsShown() throws Exception {
        Registered repository = platform.registerRepository();
        Instant now = Instant.now();
        CommitId commit = new CommitId("d".repeat(40));
        TestTopic.write(
                UUID.randomUUID().toString(),
                new IndexProgress(repository.id(), commit, IndexProgress.State.COMPLETED, 14, 14, 2, 61, null, now));
        TestTopic.write(
                UUID.randomUUID().toString(),
                new IndexProgress(
                        repository.id(), commit, IndexProgress.State.RUNNING, 14, 3, 2, 10, null, now.minusSeconds(9)));
        String path = "/api/v1/repositories/" + repository.id();
        await().until(() -> platform.get(path, TestPlatform.asAdmin())
                .json()
                .get("index")
                .get("state")
                .asString()
                .equals("completed"));
        JsonNode index = platform.get(path, TestPlatform.asAdmin()).json().get("index");
        assertThat(index.get("chunks").asInt()).isEqualTo(61);
        assertThat(index.get("commit").asString()).isEqualTo(commit.value());
    }

    @Test
    void describesItselfAndItsHealth() throws Exception {
        Answer openApi = platform.get("/api/v1/openapi");
        assertThat(openApi.status()).isEqualTo(200);
        assertThat(openApi.json().get("paths").propertyNames())
                .contains("/api/v1/session", "/api/v1/reviews/{id}/events", "/webhooks/git/{repositoryId}");
        Answer health = platform.get("/actuator/health");
        assertThat(health.json().get("status").asString()).isEqualTo("UP");
        assertThat(health.json().get("components").propertyNames()).contains("db", "kafka", "keycloak");
        Answer system = platform.get("/api/v1/system", TestPlatform.asAdmin());
        assertThat(system.json().get("parts").findValuesAsString("state")).containsOnly("up");
    }

    @Test
    void everyAnswerHasARequestIdAndProblemsSayIt() throws Exception {
        Answer own = platform.get("/api/v1/repositories/1", "X-Request-Id", "my-request-42");
        assertThat(own.header("X-Request-Id")).isEqualTo("my-request-42");
        assertThat(own.json().get("requestId").asString()).isEqualTo("my-request-42");
        Answer odd = platform.get("/api/v1/repositories/1", "X-Request-Id", "no spaces or <tags>");
        assertThat(odd.header("X-Request-Id")).matches("[0-9a-f-]{36}");
    }

    private Answer create(String name, String location) throws Exception {
        return platform.post(
                "/api/v1/repositories",
                "{\"name\":\"%s\",\"location\":\"%s\"}".formatted(name, location),
                TestPlatform.asAdmin());
    }
}
