package dev.guildhall.platform;

import static org.assertj.core.api.Assertions.assertThat;

import dev.guildhall.contract.EventHeaders;
import dev.guildhall.contract.Topics;
import dev.guildhall.contract.event.PullRequestEvent;
import dev.guildhall.contract.event.PushEvent;
import dev.guildhall.platform.TestPlatform.Answer;
import dev.guildhall.platform.TestPlatform.Registered;
import java.io.ByteArrayInputStream;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class WebhookIT {

    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final String BASE = "a".repeat(40);
    private static final String HEAD = "b".repeat(40);

    @SuppressWarnings("NullAway.Init")
    private TestPlatform platform;

    @SuppressWarnings("NullAway.Init")
    private Registered repository;

    @BeforeAll
    void start() throws Exception {
        platform = TestPlatform.shared();
        repository = platform.registerRepository();
    }

    @Test
    void pullRequestIsOnKafkaWhenTheForgeHasItsAnswer() throws Exception {
        Registered own = platform.registerRepository();
        try (TestTopic topic = new TestTopic(Topics.PULL_REQUEST)) {
            Answer answer = platform.webhook(own, "pull_request", "d-1", pullRequest(1, HEAD));

            assertThat(answer.status()).as(answer.toString()).isEqualTo(202);
            assertThat(answer.json().get("delivery").asString()).isEqualTo("d-1");
            long review = answer.json().get("review").get("id").asLong();
            assertThat(answer.json().get("review").get("url").asString()).isEqualTo("/reviews/" + review);

            ConsumerRecord<String, byte[]> record =
                    topic.await(own.id() + "#1", 1, PATIENCE).getFirst();
            assertThat(TestTopic.header(record, EventHeaders.TYPE)).isEqualTo(PullRequestEvent.TYPE);
            assertThat(TestTopic.header(record, EventHeaders.SOURCE)).isEqualTo("/platform-api");
            PullRequestEvent event = TestPlatform.JSON.readValue(record.value(), PullRequestEvent.class);
            assertThat(event.action()).isEqualTo(PullRequestEvent.Action.OPENED);
            assertThat(event.head().commit().value()).isEqualTo(HEAD);
            assertThat(event.repository().name()).isEqualTo(own.name());

            Answer page = platform.get("/api/v1/reviews/" + review, TestPlatform.asAdmin());
            assertThat(page.json().get("state").asString()).isEqualTo("queued");
            assertThat(page.json().get("title").asString()).isEqualTo("Add refunds");
            assertThat(page.json().get("baseCommit").asString()).isEqualTo(BASE);
        }
    }

    @Test
    void sameDeliveryTwentyTimesAtOnceIsOneReviewAndOneEvent() throws Exception {
        Registered own = platform.registerRepository();
        try (TestTopic topic = new TestTopic(Topics.PULL_REQUEST);
                ExecutorService forge = Executors.newFixedThreadPool(20)) {
            Callable<Answer> delivery = () -> platform.webhook(own, "pull_request", "same", pullRequest(7, HEAD));
            List<Answer> answers = new ArrayList<>();
            for (Future<Answer> answer : forge.invokeAll(Collections.nCopies(20, delivery))) {
                answers.add(answer.get());
            }

            assertThat(answers).extracting(Answer::status).containsOnly(202);
            assertThat(answers)
                    .extracting(answer -> answer.json().get("review").get("id").asLong())
                    .containsOnly(
                            answers.getFirst().json().get("review").get("id").asLong());
            assertThat(topic.all(own.id().toString())).hasSize(1);
            assertThat(platform.get("/api/v1/reviews?repositoryId=" + own.id(), TestPlatform.asAdmin())
                            .json()
                            .get("total")
                            .asInt())
                    .isEqualTo(1);
        }
    }

    @Test
    void anotherDeliveryOfTheSameHeadIsTheSameReview() throws Exception {
        Registered own = platform.registerRepository();
        long first = review(platform.webhook(own, "pull_request", "one", pullRequest(1, HEAD)));
        long again = review(platform.webhook(own, "pull_request", "two", pullRequest(1, HEAD)));
        long next = review(platform.webhook(own, "pull_request", "three", pullRequest(1, "c".repeat(40))));

        assertThat(again).isEqualTo(first);
        assertThat(next).isNotEqualTo(first);
    }

    @Test
    void wrongOrMissingSignatureIsRefusedAndNothingIsOnKafka() throws Exception {
        try (TestTopic topic = new TestTopic(Topics.PULL_REQUEST)) {
            Registered stranger = new Registered(repository.id(), repository.name(), "wrong", repository.webhookUrl());
            Answer wrong = platform.webhook(stranger, "pull_request", "d", pullRequest(1, HEAD));
            Answer missing = platform.post("/webhooks/git/" + repository.id(), pullRequest(1, HEAD));

            assertThat(wrong.status()).isEqualTo(401);
            assertThat(wrong.json().get("code").asString()).isEqualTo("invalid-signature");
            assertThat(wrong.header("Content-Type")).startsWith("application/problem+json");
            assertThat(missing.status()).isEqualTo(401);
            assertThat(topic.all(repository.id().toString())).isEmpty();
        }
    }

    @Test
    void bodyOverTheLimitIsRefusedWhateverItsHeadersSay() throws Exception {
        byte[] tooLarge = new byte[25 * 1024 * 1024 + 1];
        String signature = "sha256=" + "0".repeat(64);

        Answer announced = platform.send(platform.webhookRequest(repository, "push", "d", "")
                .setHeader("X-Guildhall-Signature-256", signature)
                .POST(BodyPublishers.ofByteArray(tooLarge)));
        Answer chunked = platform.send(platform.webhookRequest(repository, "push", "d", "")
                .setHeader("X-Guildhall-Signature-256", signature)
                .POST(BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(tooLarge))));

        assertThat(announced.status()).isEqualTo(413);
        assertThat(chunked.status()).isEqualTo(413);
        assertThat(chunked.json().get("code").asString()).isEqualTo("body-too-large");
    }

    @Test
    void malformedJsonIsRefusedWithItsPlace() throws Exception {
        Answer answer = platform.webhook(repository, "pull_request", "d", "{\n  \"action\": opened\n}");

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.json().get("code").asString()).isEqualTo("malformed-json");
        assertThat(answer.json().get("detail").asString()).startsWith("line 2, column ");
    }

    @Test
    void allFieldsThatAreWrongAreNamed() throws Exception {
        Answer missing = platform.webhook(repository, "pull_request", "d", "{\"number\":0}");
        Answer wrong = platform.webhook(
                repository, "pull_request", "d", pullRequest(1, HEAD).replace(HEAD, "not-a-commit"));

        assertThat(missing.status()).isEqualTo(400);
        assertThat(missing.json().get("errors").findValuesAsString("field"))
                .contains("action", "number", "title", "base.commit", "head.commit");
        assertThat(wrong.status()).isEqualTo(400);
        assertThat(wrong.json().get("errors").get(0).get("field").asString()).isEqualTo("head.commit");
        assertThat(wrong.json().get("detail").asString()).contains("not-a-commit");
    }

    @Test
    void unknownRepositoryIsNotFound() throws Exception {
        Registered unknown = new Registered(UUID.randomUUID(), "x", "secret", "");
        assertThat(platform.webhook(unknown, "ping", "d", "{}").status()).isEqualTo(404);
        assertThat(platform.post("/webhooks/git/not-an-id", "{}").status()).isEqualTo(400);
    }

    @Test
    void pushPingDraftAndClosedHaveNoReview() throws Exception {
        Registered own = platform.registerRepository();
        try (TestTopic pushes = new TestTopic(Topics.PUSH);
                TestTopic pullRequests = new TestTopic(Topics.PULL_REQUEST)) {
            Answer push = platform.webhook(
                    own,
                    "push",
                    "p",
                    "{\"ref\":\"refs/heads/main\",\"before\":\"%s\",\"after\":\"%s\"}".formatted("0".repeat(40), HEAD));
            Answer ping = platform.webhook(own, "ping", "i", "{}");
            Answer draft = platform.webhook(
                    own, "pull_request", "w", pullRequest(2, HEAD).replace("\"draft\":false", "\"draft\":true"));
            Answer closed = platform.webhook(
                    own, "pull_request", "c", pullRequest(3, HEAD).replace("opened", "closed"));
            Answer unknown = platform.webhook(own, "star", "s", "{}");

            for (Answer answer : List.of(push, ping, draft, closed)) {
                assertThat(answer.status()).as(answer.toString()).isEqualTo(202);
                assertThat(answer.json().get("review").isNull()).isTrue();
            }
            assertThat(ping.json().get("reason").asString()).isEqualTo("a ping changes nothing");
            assertThat(push.json().get("reason").asString()).isEqualTo("a push is indexed, not reviewed");
            assertThat(draft.json().get("reason").asString()).startsWith("the pull request is a draft");
            assertThat(closed.json().get("reason").asString()).isEqualTo("the pull request is closed");
            assertThat(unknown.status()).isEqualTo(400);
            PushEvent event = TestPlatform.JSON.readValue(
                    pushes.await(own.id().toString(), 1, PATIENCE).getFirst().value(), PushEvent.class);
            assertThat(event.before()).isNull();
            assertThat(event.after()).hasToString(HEAD);
            assertThat(pullRequests.await(own.id().toString(), 2, PATIENCE)).hasSize(2);
        }
    }

    @Test
    void whatPostgresCannotKeepIsReplaced() throws Exception {
        Answer answer = platform.webhook(
                repository,
                "pull_request",
                "odd",
                pullRequest(99, HEAD).replace("Add refunds", "nul \\u0000 half \\ud800 é"));
        String title = platform.get("/api/v1/reviews/" + review(answer), TestPlatform.asAdmin())
                .json()
                .get("title")
                .asString();
        assertThat(title).isEqualTo("nul \uFFFD half \uFFFD é");
    }

    @Test
    void kafkaDownIsAnsweredInTimeAndTheSameDeliveryGoesThroughLater() throws Exception {
        Registered own = platform.registerRepository();
        TestPlatform cutOff = TestPlatform.withoutKafka();
        try (ExecutorService forge = Executors.newFixedThreadPool(20);
                TestTopic topic = new TestTopic(Topics.PULL_REQUEST)) {
            Callable<Answer> delivery = () -> {
                long start = System.nanoTime();
                Answer answer = cutOff.webhook(own, "pull_request", "later", pullRequest(5, HEAD));
                assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(5));
                return answer;
            };
            for (Future<Answer> answer : forge.invokeAll(Collections.nCopies(20, delivery))) {
                assertThat(answer.get().status()).as(answer.get().toString()).isEqualTo(503);
                assertThat(answer.get().header("Retry-After")).isNotEmpty();
            }
            assertThat(cutOff.get("/actuator/health/readiness").status()).isEqualTo(200);

            Answer after = platform.webhook(own, "pull_request", "later", pullRequest(5, HEAD));
            assertThat(after.status()).as(after.toString()).isEqualTo(202);
            assertThat(topic.all(own.id().toString())).hasSize(1);
        } finally {
            cutOff.stop();
        }
    }

    private static long review(Answer answer) {
        assertThat(answer.status()).as(answer.toString()).isEqualTo(202);
        return answer.json().get("review").get("id").asLong();
    }

    static String pullRequest(int number, String head) {
        return """
                {"action":"opened","number":%d,"title":"Add refunds","description":"So that customers get money back.",
                 "author":"kim","draft":false,"base":{"ref":"main","commit":"%s"},
                 "head":{"ref":"feature/refunds","commit":"%s"},"unknown":{"field":[1]}}
                """.formatted(number, BASE, head);
    }
}
