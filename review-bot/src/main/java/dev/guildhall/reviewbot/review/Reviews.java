package dev.guildhall.reviewbot.review;

import dev.guildhall.contract.event.PullRequestEvent;
import dev.guildhall.contract.event.ReviewCompleted;
import dev.guildhall.contract.event.ReviewProgress;
import dev.guildhall.contract.review.ReviewKey;
import dev.guildhall.contract.review.ReviewStep;
import dev.guildhall.reviewbot.publish.Outbox;
import java.nio.charset.StandardCharsets;
import java.sql.Timestamp;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionTemplate;
import tools.jackson.databind.json.JsonMapper;

/**
 * The reviews that were asked for and how they stand.
 *
 * <p>A claim holds while its worker gives signs of life. Whoever ends a review must still hold its claim, in the same
 * run: so an outcome is told once, however often the work is taken up.
 */
class Reviews {

    private final JdbcClient database;
    private final TransactionTemplate transactions;
    private final Outbox outbox;
    private final JsonMapper json;
    private final Clock clock;

    Reviews(JdbcClient database, TransactionTemplate transactions, Outbox outbox, JsonMapper json, Clock clock) {
        this.database = database;
        this.transactions = transactions;
        this.outbox = outbox;
        this.json = json;
        this.clock = clock;
    }

    /** Queues a review where the event asks for one; true if there is new work. */
    boolean take(String eventId, PullRequestEvent event) {
        return Boolean.TRUE.equals(transactions.execute(_ -> {
            int fresh = database.sql("INSERT INTO taken_event (event_id) VALUES (:id) ON CONFLICT DO NOTHING")
                    .param("id", eventId)
                    .update();
            if (fresh == 0) {
                return false;
            }
            Optional<Integer> attempt = switch (event.action()) {
                case CLOSED -> Optional.empty();
                case OPENED, UPDATED, REOPENED -> event.draft() ? Optional.empty() : queue(event, false);
                case REVIEW_REQUESTED -> queue(event, true);
            };
            attempt.ifPresent(number -> tell(
                    event.review(),
                    number,
                    0,
                    0,
                    new ReviewStep(
                            ReviewStep.Name.QUEUED, ReviewStep.State.RUNNING, "waiting for a free reviewer", 0)));
            return attempt.isPresent();
        }));
    }

    /** The attempt that was queued; empty where there is nothing to do. */
    private Optional<Integer> queue(PullRequestEvent event, boolean againWhereFailed) {
        return database.sql("""
                        INSERT INTO review AS existing (repository_id, number, head, state, attempt, request, queued_at)
                        VALUES (:repositoryId, :number, :head, 'queued', 1, :request, :now)
                        ON CONFLICT (repository_id, number, head) DO UPDATE
                        SET state = 'queued', attempt = existing.attempt + 1, run = 0, request = excluded.request,
                            queued_at = excluded.queued_at, started_at = NULL, ended_at = NULL, worker = NULL,
                            lease_until = NULL
                        WHERE existing.state = 'failed' AND :againWhereFailed
                        RETURNING attempt""")
                .param("repositoryId", event.repository().id())
                .param("number", event.number())
                .param("head", event.head().commit().value())
                .param("request", json.writeValueAsString(event))
                .param("now", now())
                .param("againWhereFailed", againWhereFailed)
                .query(Integer.class)
                .optional();
    }

    /** The oldest review that waits, or whose worker gives no sign of life. */
    Optional<Review> claim(String worker, Duration lease) {
        return database.sql("""
                        UPDATE review SET state = 'running', worker = :worker, run = run + 1,
                            started_at = coalesce(started_at, :now),
                            lease_until = now() + :lease * interval '1 millisecond'
                        WHERE id = (
                            SELECT id FROM review
                            WHERE state = 'queued' OR (state = 'running' AND lease_until < now())
                            ORDER BY queued_at, id LIMIT 1 FOR UPDATE SKIP LOCKED)
                        RETURNING id, attempt, run, request, queued_at, started_at""")
                .param("worker", worker)
                .param("now", now())
                .param("lease", lease.toMillis())
                .query((row, _) -> new Review(
                        row.getLong("id"),
                        row.getInt("attempt"),
                        row.getInt("run"),
                        json.readValue(row.getString("request"), PullRequestEvent.class),
                        row.getTimestamp("queued_at").toInstant(),
                        row.getTimestamp("started_at").toInstant()))
                .optional();
    }

    /** Puts back what a former process of this worker was doing when it ended; how many reviews that are. */
    int takeBack(String worker) {
        return database.sql("""
                        UPDATE review SET state = 'queued', worker = NULL, lease_until = NULL
                        WHERE state = 'running' AND worker = :worker""").param("worker", worker).update();
    }

    /** Puts back one review that this worker will not finish; the run does not count. */
    void release(Review review, String worker) {
        database.sql("""
                        UPDATE review SET state = 'queued', run = run - 1, worker = NULL, lease_until = NULL
                        WHERE id = :id AND state = 'running' AND worker = :worker AND run = :run""")
                .param("id", review.id())
                .param("worker", worker)
                .param("run", review.run())
                .update();
    }

    /** Gives a sign of life; the reviews whose claim still holds. */
    List<Long> renew(String worker, Collection<Long> ids, Duration lease) {
        return database.sql("""
                        UPDATE review SET lease_until = now() + :lease * interval '1 millisecond'
                        WHERE state = 'running' AND worker = :worker AND id IN (:ids) RETURNING id""")
                .param("lease", lease.toMillis())
                .param("worker", worker)
                .param("ids", ids)
                .query((row, _) -> row.getLong("id"))
                .list();
    }

    /** Ends the attempt and tells its outcome, in one transaction; false where the claim was lost and nothing is told. */
    boolean end(Review review, String worker, ReviewCompleted outcome) {
        return Boolean.TRUE.equals(transactions.execute(_ -> {
            int ended = database.sql("""
                            UPDATE review SET state = :state, ended_at = :now, worker = NULL, lease_until = NULL
                            WHERE id = :id AND state = 'running' AND worker = :worker AND run = :run""")
                    .param("state", outcome.failure() == null ? "completed" : "failed")
                    .param("now", now())
                    .param("id", review.id())
                    .param("worker", worker)
                    .param("run", review.run())
                    .update();
            if (ended == 0) {
                return false;
            }
            outbox.put(eventId("review.completed", review.key(), review.attempt()), outcome, outcome.occurredAt());
            return true;
        }));
    }

    /** Tells how a step stands. */
    void tell(ReviewKey key, int attempt, int run, int sequence, ReviewStep step) {
        Instant time = clock.instant();
        outbox.put(
                eventId("review.progress", key, attempt, run, sequence),
                new ReviewProgress(key, attempt, step, time),
                time);
    }

    int forgetEventsBefore(Instant time) {
        return database.sql("DELETE FROM taken_event WHERE taken_at < :time")
                .param("time", Timestamp.from(time))
                .update();
    }

    /** The same for the same fact, whoever tells it. */
    private static String eventId(String kind, ReviewKey key, int... counts) {
        StringBuilder name = new StringBuilder(kind)
                .append('/')
                .append(key.repositoryId())
                .append('/')
                .append(key.number())
                .append('/')
                .append(key.head());
        for (int count : counts) {
            name.append('/').append(count);
        }
        return UUID.nameUUIDFromBytes(name.toString().getBytes(StandardCharsets.UTF_8))
                .toString();
    }

    private Timestamp now() {
        return Timestamp.from(clock.instant());
    }
}
