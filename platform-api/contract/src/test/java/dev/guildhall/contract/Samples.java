package dev.guildhall.contract;

import dev.guildhall.contract.event.GuildhallEvent;
import dev.guildhall.contract.event.IndexProgress;
import dev.guildhall.contract.event.PullRequestEvent;
import dev.guildhall.contract.event.PushEvent;
import dev.guildhall.contract.event.RepositoryRemoved;
import dev.guildhall.contract.event.ReviewCompleted;
import dev.guildhall.contract.event.ReviewProgress;
import dev.guildhall.contract.review.Finding;
import dev.guildhall.contract.review.ReviewKey;
import dev.guildhall.contract.review.ReviewStep;
import dev.guildhall.contract.review.ReviewUsage;
import dev.guildhall.contract.review.ReviewedFile;
import dev.guildhall.contract.review.Severity;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** Events as they travel, under the name of their golden file: one with everything, one with what may be absent. */
final class Samples {

    private static final Instant NOW = Instant.parse("2026-11-01T09:30:00.125Z");
    private static final CommitId BASE = new CommitId("1f0c2a6b9d3e4f5061728394a5b6c7d8e9f00112");
    private static final CommitId HEAD = new CommitId("a94a8fe5ccb19ba61c4c0873d391e987982fbbd3");
    private static final RepositoryRef REPOSITORY = new RepositoryRef(
            UUID.fromString("5b0cf2a4-6d3c-4f5e-9a7b-0c1d2e3f4a5b"),
            "demo/till",
            RepositoryRef.Forge.GIT,
            "/srv/git/till.git",
            "main");
    private static final ReviewKey REVIEW = new ReviewKey(REPOSITORY.id(), 1, HEAD);
    private static final Failure FAILURE = new Failure(
            "repository-unreadable", "/srv/git/till.git is not there", "restore it and run the review again");

    private Samples() {}

    static Map<String, GuildhallEvent> all() {
        Map<String, GuildhallEvent> samples = new LinkedHashMap<>();
        samples.put(
                "pull-request",
                new PullRequestEvent(
                        REPOSITORY,
                        1,
                        PullRequestEvent.Action.OPENED,
                        "Add refunds",
                        "So that customers get their money back.",
                        "kim",
                        false,
                        new Revision("main", BASE),
                        new Revision("feature/refunds", HEAD),
                        NOW));
        samples.put("push", new PushEvent(REPOSITORY, "refs/heads/main", BASE, HEAD, NOW));
        samples.put("push-of-new-repository", new PushEvent(REPOSITORY, "refs/heads/main", null, null, NOW));
        samples.put("repository-removed", new RepositoryRemoved(REPOSITORY.id(), NOW));
        samples.put(
                "index-progress",
                new IndexProgress(REPOSITORY.id(), HEAD, IndexProgress.State.RUNNING, 14, 9, 2, 40, null, NOW));
        samples.put(
                "index-progress-failed",
                new IndexProgress(REPOSITORY.id(), null, IndexProgress.State.FAILED, 0, 0, 0, 0, FAILURE, NOW));
        samples.put(
                "review-progress",
                new ReviewProgress(
                        REVIEW,
                        1,
                        new ReviewStep(
                                ReviewStep.Name.ASK_MODEL,
                                ReviewStep.State.RUNNING,
                                "src/Refund.java, 2 of 5 files",
                                8_250),
                        NOW));
        samples.put("review-completed", completed());
        samples.put(
                "review-completed-failed",
                new ReviewCompleted(
                        REVIEW,
                        2,
                        "",
                        List.of(),
                        0,
                        List.of(),
                        List.of(new ReviewStep(
                                ReviewStep.Name.READ_DIFF, ReviewStep.State.FAILED, FAILURE.message(), 40)),
                        new ReviewUsage(null, 0, 0, 0, 0, 0, 55),
                        FAILURE,
                        NOW.minusSeconds(1),
                        NOW));
        return samples;
    }

    private static ReviewCompleted completed() {
        return new ReviewCompleted(
                REVIEW,
                1,
                "The refund query is open to injection.",
                List.of(
                        new Finding(
                                "3f786850e387550fdab836ed7e6dc881de23001b",
                                "src/Refund.java",
                                Finding.Side.NEW,
                                41,
                                42,
                                Severity.HIGH,
                                "sql-injection",
                                "Query is built from user input",
                                "Anybody who can name an order can read all of them. Use a parameter.",
                                "\"select * from orders where id = '\" + id + \"'\"",
                                "\"select * from orders where id = ?\"",
                                "model",
                                "qwen2.5-coder-1.5b",
                                0.92),
                        new Finding(
                                "89e6c98d92887913cadf06b2adb97f26cde4849b",
                                "config/old.yaml",
                                Finding.Side.OLD,
                                3,
                                3,
                                Severity.LOW,
                                "secret",
                                "A key was here",
                                "Removing it from the file leaves it in the history: revoke it.",
                                "key: AK************",
                                null,
                                "secrets",
                                "aws-access-key",
                                1)),
                3,
                List.of(
                        new ReviewedFile(
                                0,
                                "src/Refund.java",
                                null,
                                ReviewedFile.Change.ADDED,
                                "java",
                                80,
                                0,
                                ReviewedFile.Read.MODEL,
                                null),
                        new ReviewedFile(
                                1,
                                "docs/logo.png",
                                "docs/mark.png",
                                ReviewedFile.Change.RENAMED,
                                "text",
                                0,
                                0,
                                ReviewedFile.Read.NONE,
                                "binary file")),
                List.of(
                        new ReviewStep(ReviewStep.Name.READ_DIFF, ReviewStep.State.COMPLETED, "2 files", 31),
                        new ReviewStep(ReviewStep.Name.SECOND_CHECK, ReviewStep.State.SKIPPED, "no model", 0)),
                new ReviewUsage("qwen2.5-coder-1.5b", 4, 2_412, 310, 6, 44_000, 48_000),
                null,
                NOW.minusSeconds(48),
                NOW);
    }
}
