package dev.guildhall.platform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.guildhall.contract.CommitId;
import dev.guildhall.contract.Failure;
import dev.guildhall.contract.Topics;
import dev.guildhall.contract.event.PullRequestEvent;
import dev.guildhall.contract.event.ReviewCompleted;
import dev.guildhall.contract.event.ReviewProgress;
import dev.guildhall.contract.review.Finding;
import dev.guildhall.contract.review.ReviewKey;
import dev.guildhall.contract.review.ReviewStep;
import dev.guildhall.contract.review.ReviewUsage;
import dev.guildhall.contract.review.ReviewedFile;
import dev.guildhall.contract.review.Severity;
import dev.guildhall.platform.TestPlatform.Answer;
import dev.guildhall.platform.TestPlatform.Registered;
import dev.guildhall.platform.TestStream.Event;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import tools.jackson.databind.JsonNode;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ReviewIT {

    private static final CommitId HEAD = new CommitId("b".repeat(40));

    @SuppressWarnings("NullAway.Init")
    private TestPlatform platform;

    @SuppressWarnings("NullAway.Init")
    private Registered repository;

    private int number;

    @BeforeAll
    void start() throws Exception {
        platform = TestPlatform.shared();
        repository = platform.registerRepository();
    }

    @Test
    void whatTheBotSaysIsOnThePageWhileItSaysIt() throws Exception {
        ReviewKey key = nextKey();
        long id = open(key);
        try (TestStream stream = new TestStream(platform, "/api/v1/reviews/" + id + "/events")) {
            Event queued = stream.next();
            assertThat(queued.name()).isEqualTo("progress");
            assertThat(queued.json().get("state").asString()).isEqualTo("queued");
            assertThat(queued.json().get("id").asLong()).isEqualTo(queued.id());

            TestTopic.write(uuid(), progress(key, 1, ReviewStep.Name.READ_DIFF, ReviewStep.State.RUNNING));
            Event running = stream.next();
            assertThat(running.json().get("state").asString()).isEqualTo("running");
            assertThat(running.json().get("steps").get(0).get("name").asString())
                    .isEqualTo("read-diff");
            assertThat(running.id()).isGreaterThan(queued.id());

            String completion = uuid();
            TestTopic.write(completion, completed(key, 1, null));
            TestTopic.write(completion, completed(key, 1, null));
            Event last = stream.next();
            assertThat(last.json().get("state").asString()).isEqualTo("completed");
            Event end = stream.next();
            assertThat(end.name()).isEqualTo("completed");
            assertThat(end.json().get("state").asString()).isEqualTo("completed");
            assertThat(stream.next()).isEqualTo(Event.END);
        }

        JsonNode review = get(id);
        assertThat(review.get("state").asString()).isEqualTo("completed");
        assertThat(review.get("counts").get("high").asInt()).isEqualTo(1);
        assertThat(review.get("findings").get(0).get("severity").asString()).isEqualTo("high");
        assertThat(review.get("findings").get(0).get("evidence").asString()).isEqualTo("nul \0");
        assertThat(review.get("files").get(0).get("path").asString()).isEqualTo("src/Refund.java");
        assertThat(review.get("usage").get("promptTokens").asLong()).isEqualTo(1200);
        assertThat(review.get("model").asString()).isEqualTo("qwen2.5-coder-0.5b");
        assertThat(review.get("totalMillis").asLong()).isEqualTo(4800);
        assertThat(review.has("failure")).isFalse();

        // Late or repeated news of a run that is over changes nothing.
        TestTopic.write(uuid(), progress(key, 1, ReviewStep.Name.PUBLISH, ReviewStep.State.RUNNING));
        settle();
        assertThat(get(id).get("state").asString()).isEqualTo("completed");

        try (TestStream again = new TestStream(platform, "/api/v1/reviews/" + id + "/events")) {
            assertThat(again.next().name()).isEqualTo("progress");
            assertThat(again.next().name()).isEqualTo("completed");
        }
    }

    @Test
    void whoComesBackToAStreamHearsOnlyWhatIsNew() throws Exception {
        ReviewKey key = nextKey();
        long id = open(key);
        String path = "/api/v1/reviews/" + id + "/events";
        long seen;
        try (TestStream stream = new TestStream(platform, path)) {
            seen = stream.next().id();
        }
        try (TestStream stream = new TestStream(platform, path, "Last-Event-ID", Long.toString(seen))) {
            assertThat(stream.isQuiet(Duration.ofMillis(2_500))).isTrue();
            assertThat(stream.comments()).isGreaterThanOrEqualTo(2);
        }
        TestTopic.write(uuid(), progress(key, 1, ReviewStep.Name.ANALYZE, ReviewStep.State.COMPLETED));
        await().until(() -> get(id).get("state").asString().equals("running"));
        try (TestStream stream = new TestStream(platform, path, "Last-Event-ID", Long.toString(seen))) {
            assertThat(stream.next().json().get("steps").get(0).get("state").asString())
                    .isEqualTo("completed");
        }
    }

    @Test
    void listIsTold() throws Exception {
        try (TestStream stream = new TestStream(platform, "/api/v1/reviews/events")) {
            long id = open(nextKey());
            Event event = stream.next();
            while (event.json().get("id").asLong() != id) {
                event = stream.next();
            }
            assertThat(event.name()).isEqualTo("review");
            assertThat(event.json().get("repository").get("name").asString()).isEqualTo(repository.name());
        }
    }

    @Test
    void failedReviewRunsAgainAndOldNewsIsIgnored() throws Exception {
        ReviewKey key = nextKey();
        long id = open(key);
        assertThat(runAgain(id).status()).isEqualTo(409);

        Failure failure = new Failure("repository-unreadable", "/srv/till is gone", "put it back and run again");
        TestTopic.write(uuid(), completed(key, 1, failure));
        await().until(() -> get(id).get("state").asString().equals("failed"));
        assertThat(get(id).get("failure").get("code").asString()).isEqualTo("repository-unreadable");

        try (TestTopic topic = new TestTopic(Topics.PULL_REQUEST)) {
            Answer answer = runAgain(id);
            assertThat(answer.status()).as(answer.toString()).isEqualTo(202);
            PullRequestEvent event = TestPlatform.JSON.readValue(
                    topic.await(repository.id() + "#" + key.number(), 1, Duration.ofSeconds(10))
                            .getFirst()
                            .value(),
                    PullRequestEvent.class);
            assertThat(event.action()).isEqualTo(PullRequestEvent.Action.REVIEW_REQUESTED);
            assertThat(event.review()).isEqualTo(key);
        }
        assertThat(runAgain(id).json().get("code").asString()).isEqualTo("review-not-failed");
        assertThat(get(id).get("state").asString()).isEqualTo("queued");
        assertThat(get(id).has("failure")).isFalse();

        TestTopic.write(uuid(), completed(key, 1, failure));
        settle();
        assertThat(get(id).get("state").asString()).isEqualTo("queued");
        TestTopic.write(uuid(), completed(key, 2, null));
        await().until(() -> get(id).get("state").asString().equals("completed"));
        assertThat(get(id).get("attempt").asInt()).isEqualTo(2);
    }

    @Test
    void askedForByATool() throws Exception {
        String body = "{\"base\":\"%s\",\"head\":\"%s\"}".formatted("a".repeat(40), HEAD);
        String path = "/api/v1/repositories/" + repository.id() + "/reviews";
        Answer first = platform.post(path, body, TestPlatform.as("dev"));
        Answer second = platform.post(path, body, TestPlatform.as("dev"));

        assertThat(first.status()).as(first.toString()).isEqualTo(202);
        JsonNode review = get(first.json().get("id").asLong());
        assertThat(review.get("number").asInt()).isEqualTo(1_000_001);
        assertThat(review.get("author").asString()).isEqualTo("dev");
        assertThat(get(second.json().get("id").asLong()).get("number").asInt()).isEqualTo(1_000_002);

        Answer wrong = platform.post(path, "{\"base\":\"main\"}", TestPlatform.asAdmin());
        assertThat(wrong.status()).isEqualTo(400);
        assertThat(wrong.json().get("errors").get(0).get("field").asString()).isEqualTo("base");
    }

    @Test
    void newsOfAReviewThatWeLostStandsInUntilTheForgeDeliversAgain() throws Exception {
        ReviewKey key = nextKey();
        TestTopic.write(uuid(), progress(key, 1, ReviewStep.Name.ASK_MODEL, ReviewStep.State.RUNNING));
        String list = "/api/v1/reviews?repositoryId=" + repository.id();
        await().until(() -> platform.get(list, TestPlatform.asAdmin())
                .json()
                .get("items")
                .findValuesAsString("title")
                .contains("Pull request " + key.number()));
        long id = open(key);
        assertThat(get(id).get("state").asString()).isEqualTo("running");
        assertThat(get(id).get("title").asString()).isEqualTo("Add refunds");
    }

    @Test
    void unreadableRecordGoesToTheDeadLetterTopicAndTheNextOneIsRead() throws Exception {
        ReviewKey key = nextKey();
        long id = open(key);
        try (TestTopic deadLetters = new TestTopic(Topics.deadLetter(Topics.REVIEW_PROGRESS))) {
            String recordKey = repository.id() + "#" + key.number();
            TestTopic.write(
                    Topics.REVIEW_PROGRESS,
                    recordKey,
                    uuid(),
                    ReviewProgress.TYPE,
                    "{\"review\":".getBytes(StandardCharsets.UTF_8));
            TestTopic.write(
                    Topics.REVIEW_PROGRESS,
                    recordKey,
                    uuid(),
                    "dev.guildhall.unknown.v9",
                    "{}".getBytes(StandardCharsets.UTF_8));
            TestTopic.write(uuid(), progress(key, 1, ReviewStep.Name.ANALYZE, ReviewStep.State.RUNNING));

            assertThat(deadLetters.await(recordKey, 2, Duration.ofSeconds(20))).hasSize(2);
            await().until(() -> get(id).get("state").asString().equals("running"));
        }
    }

    @Test
    void diffComesFromTheReviewBot() throws Exception {
        long id = open(nextKey());
        Answer patch = platform.get("/api/v1/reviews/" + id + "/files/0", TestPlatform.asAdmin());
        assertThat(patch.status()).as(patch.toString()).isEqualTo(200);
        assertThat(patch.json().get("patch").asString()).startsWith("@@");
        Answer none = platform.get("/api/v1/reviews/" + id + "/files/9", TestPlatform.asAdmin());
        assertThat(none.json().get("code").asString()).isEqualTo("review-file-not-found");
        assertThat(platform.get("/api/v1/reviews/999999/events", TestPlatform.asAdmin())
                        .json()
                        .get("code")
                        .asString())
                .isEqualTo("review-not-found");
    }

    private ReviewKey nextKey() {
        number++;
        return new ReviewKey(repository.id(), number, HEAD);
    }

    private long open(ReviewKey key) throws Exception {
        return platform.webhook(
                        repository,
                        "pull_request",
                        uuid(),
                        WebhookIT.pullRequest(key.number(), key.head().value()))
                .json()
                .get("review")
                .get("id")
                .asLong();
    }

    private JsonNode get(long id) throws Exception {
        return platform.get("/api/v1/reviews/" + id, TestPlatform.asAdmin()).json();
    }

    private Answer runAgain(long id) throws Exception {
        return platform.post("/api/v1/reviews/" + id + "/runs", "", TestPlatform.asAdmin());
    }

    /** Waits until what was written before is read: a review of its own is announced after it. */
    private void settle() throws Exception {
        for (int partition = 0; partition < 2; partition++) {
            ReviewKey marker = nextKey();
            long id = open(marker);
            TestTopic.write(uuid(), completed(marker, 1, null));
            await().until(() -> get(id).get("state").asString().equals("completed"));
        }
    }

    private static ReviewProgress progress(ReviewKey key, int attempt, ReviewStep.Name name, ReviewStep.State state) {
        return new ReviewProgress(key, attempt, new ReviewStep(name, state, "2 of 5 files", 120), Instant.now());
    }

    private static ReviewCompleted completed(ReviewKey key, int attempt, @Nullable Failure failure) {
        Finding finding = new Finding(
                "f1",
                "src/Refund.java",
                Finding.Side.NEW,
                3,
                4,
                Severity.HIGH,
                "sql-injection",
                "Query is built from input",
                "Use a parameter.",
                "nul \0",
                null,
                "model",
                "qwen2.5-coder-0.5b",
                0.9);
        ReviewedFile file = new ReviewedFile(
                0, "src/Refund.java", null, ReviewedFile.Change.ADDED, "java", 10, 0, ReviewedFile.Read.MODEL, null);
        Instant now = Instant.now();
        return new ReviewCompleted(
                key,
                attempt,
                failure == null ? "One finding." : "",
                failure == null ? List.of(finding) : List.of(),
                2,
                List.of(file),
                List.of(new ReviewStep(ReviewStep.Name.PUBLISH, ReviewStep.State.COMPLETED, "", 3)),
                new ReviewUsage("qwen2.5-coder-0.5b", 3, 1200, 90, 4, 4000, 4800),
                failure,
                now.minusSeconds(5),
                now);
    }

    private static String uuid() {
        return UUID.randomUUID().toString();
    }
}
