package dev.guildhall.platform.webhook;

import dev.guildhall.contract.RepositoryRef;
import dev.guildhall.contract.event.PullRequestEvent;
import dev.guildhall.contract.event.PushEvent;
import dev.guildhall.platform.messaging.EventPublisher;
import dev.guildhall.platform.problem.ErrorCode;
import dev.guildhall.platform.problem.GuildhallException;
import dev.guildhall.platform.review.Reviews;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.UUID;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.UncategorizedSQLException;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Hands a delivery on, once. In one transaction:
 *
 * <ol>
 *   <li>claim the delivery's row: others with the same id wait for this transaction;
 *   <li>make the review, not yet seen by anybody;
 *   <li>publish the event and wait for Kafka's acknowledgement;
 *   <li>commit: only now the delivery counts as handled.
 * </ol>
 *
 * <p>Where the third step fails nothing is kept, and the same delivery goes through later. Its event then has the same
 * id as before, so that a first one that reached Kafka after all is dropped by its consumers.
 */
@Component
class WebhookIntake {

    /** Of the time to answer, what claiming and publishing must leave for the rest. */
    private static final Duration MARGIN = Duration.ofMillis(300);

    private static final String LOCK_NOT_AVAILABLE = "55P03";

    private final Deliveries deliveries;
    private final Reviews reviews;
    private final EventPublisher events;
    private final TransactionTemplate transactions;
    private final Clock clock;
    private final Semaphore places;

    WebhookIntake(
            Deliveries deliveries,
            Reviews reviews,
            EventPublisher events,
            TransactionTemplate transactions,
            Clock clock,
            WebhookSettings settings) {
        this.deliveries = deliveries;
        this.reviews = reviews;
        this.events = events;
        this.transactions = transactions;
        this.clock = clock;
        this.places = new Semaphore(settings.atOnceMax(), true);
    }

    /**
     * A delivery with a good signature.
     *
     * @param answerBy when the forge must have its answer
     */
    record Delivery(RepositoryRef repository, String id, String event, Instant answerBy) {

        /** Equal for every delivery of one thing. */
        String eventId() {
            String name = "webhook/%s/%s".formatted(repository.id(), id);
            return UUID.nameUUIDFromBytes(name.getBytes(StandardCharsets.UTF_8)).toString();
        }
    }

    /** @return the review's id; absent where the event has none */
    @Nullable
    Long accept(Delivery delivery, Payload.Checked pullRequest) {
        Instant now = now();
        PullRequestEvent event = new PullRequestEvent(
                delivery.repository(),
                pullRequest.number(),
                pullRequest.action(),
                pullRequest.title(),
                pullRequest.description(),
                pullRequest.author(),
                pullRequest.draft(),
                pullRequest.base(),
                pullRequest.head(),
                now);
        return atOnce(
                delivery,
                () -> transactions.execute(_ -> {
                    if (!claim(delivery)) {
                        return deliveries
                                .answer(delivery.repository().id(), delivery.id())
                                .reviewId();
                    }
                    Long review = null;
                    if (pullRequest.noReviewBecause() == null) {
                        review = reviews.open(event);
                        deliveries.answered(delivery.repository().id(), delivery.id(), review);
                    }
                    events.publish(event, delivery.eventId(), now, timeLeft(delivery));
                    return review;
                }));
    }

    void accept(Delivery delivery, Payload.CheckedPush push) {
        Instant now = now();
        PushEvent event = new PushEvent(delivery.repository(), push.ref(), push.before(), push.after(), now);
        atOnce(
                delivery,
                () -> transactions.execute(_ -> {
                    if (claim(delivery)) {
                        events.publish(event, delivery.eventId(), now, timeLeft(delivery));
                    }
                    return null;
                }));
    }

    /** Waits for one of the places; half of the time that is left, so that whoever gets one can use it. */
    private @Nullable Long atOnce(Delivery delivery, Supplier<@Nullable Long> handling) {
        try {
            if (!places.tryAcquire(timeLeft(delivery).toMillis() / 2, TimeUnit.MILLISECONDS)) {
                throw new GuildhallException(
                        ErrorCode.TOO_BUSY,
                        "as many deliveries as guildhall.webhook.at-once-max allows are being handled: try again");
            }
        } catch (InterruptedException exception) {
            Thread.currentThread().interrupt();
            throw new GuildhallException(ErrorCode.TOO_BUSY, "the service is stopping: try again", exception);
        }
        try {
            return handling.get();
        } catch (UncategorizedSQLException exception) {
            if (isLockTimeout(exception)) {
                throw new GuildhallException(
                        ErrorCode.TOO_BUSY,
                        "delivery %s or its review is being handled and did not end in time: try again"
                                .formatted(delivery.id()),
                        exception);
            }
            throw exception;
        } finally {
            places.release();
        }
    }

    private boolean claim(Delivery delivery) {
        return deliveries.claim(delivery.repository().id(), delivery.id(), delivery.event(), timeLeft(delivery));
    }

    /** Spring has no exception of its own for PostgreSQL's lock_not_available. */
    private static boolean isLockTimeout(UncategorizedSQLException exception) {
        SQLException cause = exception.getSQLException();
        return cause != null && LOCK_NOT_AVAILABLE.equals(cause.getSQLState());
    }

    private Duration timeLeft(Delivery delivery) {
        return Duration.between(clock.instant(), delivery.answerBy()).minus(MARGIN);
    }

    /** Microseconds are what the database keeps. */
    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MICROS);
    }
}
