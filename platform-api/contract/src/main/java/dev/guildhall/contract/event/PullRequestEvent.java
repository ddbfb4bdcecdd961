package dev.guildhall.contract.event;

import dev.guildhall.contract.RepositoryRef;
import dev.guildhall.contract.Revision;
import dev.guildhall.contract.review.ReviewKey;
import java.time.Instant;

/**
 * A pull request was opened, changed or closed, or somebody asked for its review.
 *
 * @param base what the change is to be merged into; the diff is taken from the merge base of base and head
 */
public record PullRequestEvent(
        RepositoryRef repository,
        int number,
        Action action,
        String title,
        String description,
        String author,
        boolean draft,
        Revision base,
        Revision head,
        Instant occurredAt)
        implements GuildhallEvent {

    public static final String TYPE = "dev.guildhall.forge.pull-request.v1";

    /** What happened to the pull request. */
    public enum Action {
        OPENED,
        UPDATED,
        REOPENED,
        CLOSED,
        /** Somebody asked for a review of this head: a failed review runs again, a running or complete one stays. */
        REVIEW_REQUESTED
    }

    /** The review that this event is about. */
    public ReviewKey review() {
        return new ReviewKey(repository.id(), number, head.commit());
    }

    @Override
    public String key() {
        return repository.id() + "#" + number;
    }
}
