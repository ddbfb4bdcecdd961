package dev.guildhall.contract.event;

import dev.guildhall.contract.Failure;
import dev.guildhall.contract.review.Finding;
import dev.guildhall.contract.review.ReviewKey;
import dev.guildhall.contract.review.ReviewStep;
import dev.guildhall.contract.review.ReviewUsage;
import dev.guildhall.contract.review.ReviewedFile;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A review ended: with findings (also none), or with a failure.
 *
 * @param summary a few sentences for the author of the change; empty when the review failed
 * @param findings most severe first, capped; empty when the review failed
 * @param findingsDropped findings that the second check or the cap removed
 * @param files every file of the diff, with whether it was read and if not, why
 * @param steps how the run went, in order
 * @param failure present when the review failed; it can be run again
 */
public record ReviewCompleted(
        ReviewKey review,
        int attempt,
        String summary,
        List<Finding> findings,
        int findingsDropped,
        List<ReviewedFile> files,
        List<ReviewStep> steps,
        ReviewUsage usage,
        @Nullable Failure failure,
        Instant startedAt,
        Instant occurredAt)
        implements GuildhallEvent {

    public static final String TYPE = "dev.guildhall.review.completed.v1";

    public ReviewCompleted {
        findings = List.copyOf(findings);
        files = List.copyOf(files);
        steps = List.copyOf(steps);
    }

    @Override
    public String key() {
        return review.repositoryId() + "#" + review.number();
    }
}
