package dev.guildhall.contract.event;

import dev.guildhall.contract.review.ReviewKey;
import dev.guildhall.contract.review.ReviewStep;
import java.time.Instant;

/** A step of a running review began, moved or ended. */
public record ReviewProgress(ReviewKey review, int attempt, ReviewStep step, Instant occurredAt)
        implements GuildhallEvent {

    public static final String TYPE = "dev.guildhall.review.progress.v1";

    @Override
    public String key() {
        return review.repositoryId() + "#" + review.number();
    }
}
