package dev.guildhall.platform.review;

import dev.guildhall.contract.CommitId;
import dev.guildhall.contract.Revision;
import dev.guildhall.contract.event.PullRequestEvent;
import dev.guildhall.platform.access.Actor;
import dev.guildhall.platform.access.AuditLog;
import dev.guildhall.platform.messaging.EventPublisher;
import dev.guildhall.platform.problem.ErrorCode;
import dev.guildhall.platform.problem.GuildhallException;
import dev.guildhall.platform.repository.Repositories;
import dev.guildhall.platform.repository.Repository;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;

/** Asks the review bot for reviews on behalf of people and tools. */
@Component
public class ReviewRequests {

    /** Numbers from here up belong to reviews without a pull request; no forge counts this far. */
    private static final int FIRST_OWN_NUMBER = 1_000_001;

    private final Reviews reviews;
    private final Repositories repositories;
    private final EventPublisher events;
    private final AuditLog audit;
    private final TransactionTemplate transactions;
    private final Clock clock;

    ReviewRequests(
            Reviews reviews,
            Repositories repositories,
            EventPublisher events,
            AuditLog audit,
            TransactionTemplate transactions,
            Clock clock) {
        this.reviews = reviews;
        this.repositories = repositories;
        this.events = events;
        this.audit = audit;
        this.transactions = transactions;
        this.clock = clock;
    }

    /**
     * A change to be reviewed.
     *
     * @param number of the pull request; absent where there is none
     */
    public record Change(@Nullable Integer number, String title, String description, CommitId base, CommitId head) {}

    /** @return the review's id; the same one for the same number and head */
    public long request(UUID repositoryId, Change change) {
        Repository repository = repositories.require(repositoryId);
        Long id = transactions.execute(_ -> {
            Integer given = change.number();
            int number = given == null ? reviews.nextNumber(repositoryId, FIRST_OWN_NUMBER) : given;
            PullRequestEvent event = event(
                    repository,
                    number,
                    change.title(),
                    change.description(),
                    Actor.current().name(),
                    new Revision(change.base().value(), change.base()),
                    new Revision(change.head().value(), change.head()));
            long review = reviews.open(event);
            reviews.startAgain(review);
            audit.record(
                    "review.request",
                    Long.toString(review),
                    "%s#%d".formatted(repository.ref().name(), number));
            publish(event);
            return review;
        });
        if (id == null) {
            throw new IllegalStateException("the request for a review gave no id");
        }
        return id;
    }

    /**
     * Runs a failed review again.
     *
     * @throws GuildhallException {@code review-not-found} or {@code review-not-failed}
     */
    public void runAgain(long id) {
        Reviews.Request request = reviews.findRequest(id).orElseThrow(() -> notFound(id));
        String base = request.baseCommit();
        if (base == null) {
            throw new GuildhallException(
                    ErrorCode.REVIEW_NOT_FAILED,
                    "the forge has not told the base of review %d yet: deliver its webhook again".formatted(id));
        }
        Repository repository = repositories.require(request.repositoryId());
        transactions.executeWithoutResult(_ -> {
            if (!reviews.startAgain(id)) {
                throw new GuildhallException(
                        ErrorCode.REVIEW_NOT_FAILED,
                        "review %d is queued, running or completed: only a failed one runs again".formatted(id));
            }
            audit.record("review.run-again", Long.toString(id), "");
            publish(event(
                    repository,
                    request.number(),
                    request.title(),
                    request.description(),
                    request.author(),
                    new Revision(request.baseRef(), new CommitId(base)),
                    new Revision(request.headRef(), new CommitId(request.headCommit()))));
        });
    }

    static GuildhallException notFound(long id) {
        return new GuildhallException(ErrorCode.REVIEW_NOT_FOUND, "there is no review %d".formatted(id));
    }

    private PullRequestEvent event(
            Repository repository,
            int number,
            String title,
            String description,
            String author,
            Revision base,
            Revision head) {
        // Microseconds are what the database keeps.
        Instant now = clock.instant().truncatedTo(ChronoUnit.MICROS);
        return new PullRequestEvent(
                repository.ref(),
                number,
                PullRequestEvent.Action.REVIEW_REQUESTED,
                title,
                description,
                author,
                false,
                base,
                head,
                now);
    }

    private void publish(PullRequestEvent event) {
        events.publish(event, "review-request-" + UUID.randomUUID(), event.occurredAt());
    }
}
