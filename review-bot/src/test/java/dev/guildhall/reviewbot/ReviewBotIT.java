package dev.guildhall.reviewbot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.guildhall.contract.CommitId;
import dev.guildhall.contract.EventHeaders;
import dev.guildhall.contract.RepositoryRef;
import dev.guildhall.contract.Revision;
import dev.guildhall.contract.Topics;
import dev.guildhall.contract.event.PullRequestEvent;
import dev.guildhall.contract.event.PullRequestEvent.Action;
import dev.guildhall.contract.event.ReviewCompleted;
import dev.guildhall.contract.review.FilePatch;
import dev.guildhall.contract.review.Finding;
import dev.guildhall.contract.review.ReviewStep;
import dev.guildhall.contract.review.ReviewedFile;
import dev.guildhall.contract.review.ReviewedFile.Read;
import dev.guildhall.reviewbot.testing.FakeServices;
import dev.guildhall.reviewbot.testing.SourceRepository;
import dev.guildhall.reviewbot.testing.TestDatabase;
import dev.guildhall.reviewbot.testing.TestEnvironment;
import dev.guildhall.reviewbot.testing.Topic;
import java.io.File;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.common.TopicPartition;
import org.eclipse.jgit.lib.FileMode;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.kafka.config.KafkaListenerEndpointRegistry;
import org.springframework.kafka.listener.MessageListenerContainer;
import tools.jackson.databind.json.JsonMapper;

/** The whole service against a real PostgreSQL, Kafka and Keycloak; only the model and the index are made up. */
class ReviewBotIT {

    private static final JsonMapper JSON = JsonMapper.shared();

    private static final String REFUNDS = """
            package till;

            final class Refunds {

                boolean isSupervisor(String role) {
                    return role != "supervisor";
                }

                long left(long refunded, long taken) {
                    return refunded - taken;
                }
            }
            """;

    @TempDir
    private static Path directory;

    private static TestDatabase database;
    private static FakeServices services;
    private static Topic topic;
    private static ConfigurableApplicationContext bot;

    private SourceRepository source;

    @BeforeAll
    static void start() {
        database = new TestDatabase();
        services = new FakeServices();
        topic = new Topic();
        Map<String, Object> properties = new HashMap<>(environment(database, services, directory.resolve("state")));
        properties.put("GUILDHALL_PORT", "0");
        properties.put("spring.kafka.consumer.group-id", "review-bot-" + UUID.randomUUID());
        properties.put("spring.kafka.consumer.auto-offset-reset", "latest");
        properties.put("guildhall.analysis.file-time-max", "3m");
        properties.put("guildhall.model.patience", "300ms");
        properties.put("guildhall.model.lines-per-file-max", "50");
        properties.put("guildhall.publish.patch-size-max", "100KB");
        bot = new SpringApplicationBuilder(ReviewBotApplication.class)
                .properties(properties)
                .run();
        await().atMost(Duration.ofSeconds(30)).until(() -> partitionsAssigned() == Topics.PARTITIONS);
    }

    @AfterAll
    static void stop() {
        bot.close();
        topic.close();
        services.close();
        database.close();
    }

    @BeforeEach
    void open(@TempDir Path repositories) {
        source = SourceRepository.at(repositories.resolve("source.git"));
        services.reset();
    }

    @AfterEach
    void close() {
        source.close();
    }

    @Test
    void pullRequestIsReviewedByModelAndAnalyzers() throws Exception {
        services.modelSays(
                asked -> asked.contains("\"verdict\"") ? "{\"verdict\":\"true\",\"severity\":\"medium\"}" : """
                {"findings":[
                 {"line":10,"code":"return refunded - taken;","problem":"What is left has the wrong sign.",
                  "category":"wrong-result","severity":"high","fix":"return taken - refunded;"},
                 {"line":3,"code":"database.drop();","problem":"Something that was made up by the model.",
                  "category":"wrong-result","severity":"high","fix":""}]}""");
        services.contextIs(200, """
                {"indexed":true,"items":[{"role":"DEFINITION","score":1,"chunk":{"repositoryId":"%s",
                "repositoryName":"demo/till","commit":"%s","path":"src/Sale.java","language":"java","symbol":"Sale.left",
                "kind":"method","startLine":1,"endLine":1,"content":"long left() { return 1; }"}}]}""".formatted(UUID.randomUUID(), "1".repeat(40)));
        String secret = "ghp_" + "a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8";
        PullRequestEvent event = event(
                Action.OPENED,
                main(),
                source.commitOn(main())
                        .file("src/Refunds.java", REFUNDS)
                        .file("src/till.py", "TOKEN = \"" + secret + "\"\n")
                        .to("feature"));

        ReviewCompleted review = review(event);

        assertThat(review.failure()).isNull();
        assertThat(review.findings())
                .extracting(Finding::category)
                .containsExactlyInAnyOrder("wrong-comparison", "secret", "wrong-result");
        assertThat(review.findings())
                .filteredOn(finding -> finding.source().equals("model"))
                .singleElement()
                .satisfies(finding -> {
                    assertThat(finding.startLine()).isEqualTo(10);
                    assertThat(finding.severity().name()).isEqualTo("MEDIUM");
                    assertThat(finding.suggestion()).isEqualTo("        return taken - refunded;");
                });
        assertThat(review.findingsDropped()).isPositive();
        assertThat(review.files()).extracting(ReviewedFile::read).containsOnly(Read.MODEL);
        assertThat(review.steps()).extracting(ReviewStep::name).containsExactly(ReviewStep.Name.values());
        assertThat(review.usage().model()).isEqualTo("test-model");
        assertThat(review.usage().modelCalls()).isEqualTo(3);
        assertThat(review.usage().promptTokens()).isEqualTo(300);
        assertThat(review.usage().contextChunks()).isEqualTo(1);
        assertThat(services.modelRequests()).allSatisfy(request -> {
            assertThat(request.toString()).doesNotContain(secret);
            assertThat(request.at("/response_format/type").asString("")).isEqualTo("json_schema");
            assertThat(request.at("/response_format/json_schema/strict").asBoolean(false))
                    .isTrue();
            assertThat(request.path("temperature").asDouble(1)).isZero();
        });
        assertThat(services.authorizations())
                .allSatisfy(value -> assertThat(value).startsWith("Bearer ey"));
        assertThat(topic.progress(event.repository().id()))
                .extracting(progress -> progress.step().name())
                .contains(ReviewStep.Name.values());
        assertThat(JSON.writeValueAsString(review)).doesNotContain(secret);

        FilePatch patch = JSON.readValue(get(event, 0, token()).body(), FilePatch.class);
        assertThat(patch.patch()).startsWith("@@ -0,0 +1,");
        assertThat(get(event, 1, token()).body()).contains("ghp_****").doesNotContain(secret);
        assertThat(get(event, 2, token()).statusCode()).isEqualTo(404);
        assertThat(get(event, 0, "").statusCode()).isEqualTo(401);
    }

    @Test
    void redeliveryChangesNothing() {
        PullRequestEvent event = event(
                Action.OPENED,
                main(),
                source.commitOn(main()).file("a.py", "a = 1\n").to("feature"));
        String id = UUID.randomUUID().toString();
        for (int i = 0; i < 20; i++) {
            topic.send(i % 2 == 0 ? id : UUID.randomUUID().toString(), event);
        }
        awaitReview(event, 1);
        topic.send(UUID.randomUUID().toString(), with(event, Action.REVIEW_REQUESTED));
        PullRequestEvent next = event(
                Action.OPENED,
                main(),
                source.commitOn(main()).file("a.py", "a = 2\n").to("next"));
        review(next);

        assertThat(topic.completed(event.repository().id()))
                .extracting(completed -> completed.review().head())
                .containsExactly(event.head().commit(), next.head().commit());
    }

    @Test
    void draftsAndClosedPullRequestsWaitUntilSomebodyAsks() {
        Revision head = source.commitOn(main()).file("a.py", "a = 1\n").to("feature");
        PullRequestEvent draft = new PullRequestEvent(
                source.described(), 1, Action.OPENED, "T", "", "ada", true, main(), head, Instant.now());
        topic.send(UUID.randomUUID().toString(), draft);
        topic.send(UUID.randomUUID().toString(), with(draft, Action.CLOSED));
        PullRequestEvent other = new PullRequestEvent(
                source.described(), 2, Action.OPENED, "T", "", "ada", false, main(), head, Instant.now());
        review(other);
        assertThat(topic.completed(draft.repository().id())).hasSize(1);

        topic.send(UUID.randomUUID().toString(), with(draft, Action.REVIEW_REQUESTED));

        await().atMost(Duration.ofSeconds(30))
                .until(() -> topic.completed(draft.repository().id()).size() == 2);
    }

    @Test
    void repositoryThatVanishedFailsVisiblyAndRunsAgain() throws Exception {
        PullRequestEvent event = event(
                Action.OPENED,
                main(),
                source.commitOn(main()).file("a.py", "a = 1\n").to("feature"));
        Path moved = source.directory().resolveSibling("moved.git");
        Files.move(source.directory(), moved);

        ReviewCompleted failed = review(event);

        assertThat(failed.failure()).isNotNull();
        assertThat(failed.failure().code()).isEqualTo("repository-unreadable");
        assertThat(failed.failure().remedy()).contains("run the review again");
        assertThat(failed.steps()).anySatisfy(step -> {
            assertThat(step.name()).isEqualTo(ReviewStep.Name.READ_DIFF);
            assertThat(step.state()).isEqualTo(ReviewStep.State.FAILED);
        });

        Files.move(moved, source.directory());
        topic.send(UUID.randomUUID().toString(), with(event, Action.UPDATED));
        topic.send(UUID.randomUUID().toString(), with(event, Action.REVIEW_REQUESTED));
        ReviewCompleted again = awaitReview(event, 2);

        assertThat(again.failure()).isNull();
        assertThat(again.attempt()).isEqualTo(2);
    }

    @Test
    void modelThatIsAwayFailsTheReview() {
        services.modelSays(_ -> {
            throw new IllegalStateException("loading");
        });
        PullRequestEvent event = event(
                Action.OPENED,
                main(),
                source.commitOn(main()).file("a.py", "a = 1\n").to("feature"));

        assertThat(review(event).failure())
                .isNotNull()
                .satisfies(failure -> assertThat(failure.code()).isEqualTo("model-unavailable"));
    }

    @Test
    void indexThatIsAwayIsSaid() {
        services.contextIs(500, "{}");
        PullRequestEvent event = event(
                Action.OPENED,
                main(),
                source.commitOn(main()).file("a.py", "refund(1)\n").to("feature"));

        ReviewCompleted review = review(event);

        assertThat(review.failure()).isNull();
        assertThat(review.summary()).contains("without context");
    }

    @Test
    void badPullRequestsSayWhatWasNotRead() throws Exception {
        Revision base = source.commitOn(main())
                .file("old.py", lines(20, 0))
                .file("gone.py", "a = 1\n")
                .file("big.py", lines(50_000, 0))
                .file(".guildhall.yml", "review: {ignore: [3]}")
                .to("main");
        PullRequestEvent event = event(
                Action.OPENED,
                base,
                source.commitOn(base)
                        .file("logo.png", new byte[] {1, 0, 2})
                        .delete("old.py")
                        .file("new.py", lines(20, 0))
                        .delete("gone.py")
                        .file("big.py", lines(50_000, 1))
                        .file(new byte[] {'s', (byte) 0xe9, '.', 'p', 'y'}, FileMode.REGULAR_FILE, new byte[] {
                            'x', '=', (byte) 0xff, '\n'
                        })
                        .to("feature"));

        ReviewCompleted review = review(event);

        assertThat(review.failure()).isNull();
        assertThat(file(review, "logo.png").reason()).isEqualTo("binary file");
        assertThat(file(review, "new.py").oldPath()).isEqualTo("old.py");
        assertThat(file(review, "new.py").read()).isEqualTo(Read.NONE);
        assertThat(file(review, "gone.py").reason()).isEqualTo("deleted");
        assertThat(file(review, "big.py").linesAdded()).isEqualTo(50_000);
        assertThat(file(review, "big.py").read()).isEqualTo(Read.PARTIAL);
        assertThat(file(review, "big.py").reason()).contains("guildhall.model.lines-per-file-max");
        assertThat(file(review, "s\uFFFD.py").read()).isEqualTo(Read.PARTIAL);
        assertThat(file(review, "s\uFFFD.py").reason()).contains("not UTF-8");
        assertThat(review.summary()).contains(".guildhall.yml is ignored");
        FilePatch patch = JSON.readValue(
                get(event, file(review, "big.py").index(), token()).body(), FilePatch.class);
        assertThat(patch.patch()).isNull();
        assertThat(patch.reason()).contains("guildhall.publish.patch-size-max");
    }

    @Test
    void emptyDiffIsAReviewWithoutFindings() {
        ReviewCompleted review =
                review(event(Action.OPENED, main(), source.commitOn(main()).to("feature")));

        assertThat(review.failure()).isNull();
        assertThat(review.summary()).startsWith("The change is empty");
        assertThat(review.usage().model()).isNull();
    }

    @Test
    void messagesThatNobodyCanReadGoToTheDeadLetters() {
        String key = UUID.randomUUID().toString();
        topic.send("1", PullRequestEvent.TYPE, key, "{");
        topic.send("2", PullRequestEvent.TYPE, key, "{\"number\":1}");
        topic.send("3", "dev.guildhall.unknown.v1", key, "{}");

        await().atMost(Duration.ofSeconds(20))
                .until(() -> topic.deadLetters(key).size() == 3);
    }

    /** In processes of its own, since only a process can be killed. */
    @Test
    void reviewThatWasCutOffByAKillIsPublishedOnceAndComplete(@TempDir Path state) throws Exception {
        try (TestDatabase own = new TestDatabase();
                FakeServices itsServices = new FakeServices()) {
            List<String> asked = new CopyOnWriteArrayList<>();
            itsServices.modelSays(question -> {
                asked.add(question);
                if (asked.size() == 2) {
                    sleep(Duration.ofSeconds(60));
                }
                return FakeServices.NOTHING;
            });
            PullRequestEvent event = event(
                    Action.OPENED,
                    main(),
                    source.commitOn(main())
                            .file("a.py", "a = 1\n")
                            .file("b.py", "b = 1\n")
                            .file("Refunds.java", REFUNDS)
                            .to("feature"));
            String group = "review-bot-" + UUID.randomUUID();
            int port = freePort();
            Process first = process(own, itsServices, state, group, port);
            try {
                awaitHealth(port);
                topic.send(UUID.randomUUID().toString(), event);
                await().atMost(Duration.ofSeconds(60)).until(() -> asked.size() == 2);
            } finally {
                first.destroyForcibly().waitFor();
            }
            itsServices.modelSays(_ -> FakeServices.NOTHING);
            Process second = process(own, itsServices, state, group, port);
            try {
                await().atMost(Duration.ofSeconds(60))
                        .until(() -> own.client()
                                        .sql("SELECT count(*) FROM review WHERE state = 'completed' AND run = 2")
                                        .query(Long.class)
                                        .single()
                                == 1);
                await().atMost(Duration.ofSeconds(20))
                        .until(() -> own.client()
                                        .sql("SELECT count(*) FROM outbox WHERE sent_at IS NULL")
                                        .query(Long.class)
                                        .single()
                                == 0);
            } finally {
                second.destroy();
                second.waitFor();
            }

            // The bot of the other tests shares the topic and reviews the pull request too, under the same event id.
            List<ReviewCompleted> told = topic.completed(event.repository().id());
            assertThat(told).isNotEmpty().allSatisfy(review -> {
                assertThat(review.attempt()).isEqualTo(1);
                assertThat(review.files()).hasSize(3);
            });
            assertThat(own.client()
                            .sql("SELECT count(*) FROM outbox WHERE type = :type")
                            .param("type", ReviewCompleted.TYPE)
                            .query(Long.class)
                            .single())
                    .isEqualTo(1);
            assertThat(topic.completedMessages().stream()
                            .filter(message -> message.key().equals(event.key()))
                            .map(message -> new String(
                                    message.headers()
                                            .lastHeader(EventHeaders.ID)
                                            .value(),
                                    StandardCharsets.UTF_8))
                            .distinct())
                    .hasSize(1);
        }
    }

    private static int partitionsAssigned() {
        MessageListenerContainer listener = Objects.requireNonNull(
                bot.getBean(KafkaListenerEndpointRegistry.class).getListenerContainer("pull-requests"));
        Collection<TopicPartition> assigned = listener.getAssignedPartitions();
        return assigned == null ? 0 : assigned.size();
    }

    private Revision main() {
        return source.commitOn().file("README.md", "The till.\n").to("main");
    }

    private PullRequestEvent event(Action action, Revision base, Revision head) {
        RepositoryRef repository = source.described();
        return new PullRequestEvent(repository, 1, action, "Add refunds", "", "ada", false, base, head, Instant.now());
    }

    private static PullRequestEvent with(PullRequestEvent event, Action action) {
        return new PullRequestEvent(
                event.repository(),
                event.number(),
                action,
                event.title(),
                event.description(),
                event.author(),
                event.draft(),
                event.base(),
                event.head(),
                event.occurredAt());
    }

    private static ReviewCompleted review(PullRequestEvent event) {
        topic.send(UUID.randomUUID().toString(), event);
        return awaitReview(event, 1);
    }

    private static ReviewCompleted awaitReview(PullRequestEvent event, int attempt) {
        CommitId head = event.head().commit();
        return await().atMost(Duration.ofSeconds(60))
                .until(
                        () -> topic.completed(event.repository().id()).stream()
                                .filter(review -> review.review().equals(event.review())
                                        && review.review().head().equals(head)
                                        && review.attempt() == attempt)
                                .findFirst(),
                        Optional::isPresent)
                .orElseThrow();
    }

    private static ReviewedFile file(ReviewCompleted review, String path) {
        return review.files().stream()
                .filter(file -> file.path().equals(path))
                .findFirst()
                .orElseThrow();
    }

    private static String lines(int count, int salt) {
        return IntStream.rangeClosed(1, count)
                .mapToObj(number -> "value_%d = %d\n".formatted(number, number + salt))
                .collect(Collectors.joining());
    }

    private static Map<String, String> environment(TestDatabase database, FakeServices services, Path state) {
        Map<String, String> variables = new HashMap<>();
        variables.put("GUILDHALL_DATABASE_URL", database.url());
        variables.put("GUILDHALL_DATABASE_USER", database.user());
        variables.put("GUILDHALL_DATABASE_PASSWORD", database.password());
        variables.put("GUILDHALL_KAFKA_SERVERS", TestEnvironment.required("GUILDHALL_TEST_KAFKA_SERVERS"));
        variables.put("GUILDHALL_ISSUER", TestEnvironment.required("GUILDHALL_TEST_ISSUER"));
        variables.put("GUILDHALL_CLIENT_ID", "review-bot");
        variables.put("GUILDHALL_CLIENT_SECRET", TestEnvironment.required("GUILDHALL_TEST_CLIENT_SECRET"));
        variables.put("GUILDHALL_INDEXER_URL", services.url());
        variables.put("GUILDHALL_INFERENCE_URL", services.url());
        variables.put("GUILDHALL_STATE_DIR", state.toString());
        variables.put("GUILDHALL_MODEL", "test-model");
        return variables;
    }

    private static Process process(TestDatabase database, FakeServices services, Path state, String group, int port)
            throws IOException {
        ProcessBuilder builder = new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx384m",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                ReviewBotApplication.class.getName(),
                "--spring.kafka.consumer.group-id=" + group,
                "--spring.kafka.consumer.auto-offset-reset=latest");
        builder.environment().putAll(environment(database, services, state));
        builder.environment().put("GUILDHALL_PORT", String.valueOf(port));
        builder.redirectErrorStream(true);
        builder.redirectOutput(ProcessBuilder.Redirect.appendTo(new File("target/killed-review-bot.log")));
        return builder.start();
    }

    private static void awaitHealth(int port) {
        HttpClient client = HttpClient.newHttpClient();
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/actuator/health"))
                .build();
        await().atMost(Duration.ofSeconds(90))
                .ignoreExceptions()
                .until(() -> client.send(request, HttpResponse.BodyHandlers.ofString())
                                .statusCode()
                        == 200);
        // Healthy is not yet assigned: partitions come a moment later, and the test's topic is read from its end.
        sleep(Duration.ofSeconds(5));
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    private static void sleep(Duration duration) {
        try {
            Thread.sleep(duration);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static HttpResponse<String> get(PullRequestEvent event, int index, String token) throws Exception {
        String port = bot.getEnvironment().getProperty("local.server.port");
        HttpRequest.Builder request =
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:%s/internal/v1/reviews/%s/%d/%s/files/%d"
                        .formatted(
                                port,
                                event.repository().id(),
                                event.number(),
                                event.head().commit(),
                                index)));
        if (!token.isEmpty()) {
            request.header("Authorization", "Bearer " + token);
        }
        return HttpClient.newHttpClient().send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    private static String token() throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create(
                        TestEnvironment.required("GUILDHALL_TEST_ISSUER") + "/protocol/openid-connect/token"))
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(HttpRequest.BodyPublishers.ofString(
                        "grant_type=client_credentials&client_id=platform-api&client_secret="
                                + TestEnvironment.required("GUILDHALL_TEST_CLIENT_SECRET")))
                .build();
        return JSON.readTree(HttpClient.newHttpClient()
                        .send(request, HttpResponse.BodyHandlers.ofString())
                        .body())
                .path("access_token")
                .asString("");
    }
}
