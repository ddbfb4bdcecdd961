package dev.guildhall.reviewbot.reviewer;

import dev.guildhall.contract.review.ReviewStep;
import java.util.function.Consumer;

/** One way of finding mistakes in a change. */
public interface Reviewer {

    /** The step of the run in which this reviewer works. */
    ReviewStep.Name step();

    /**
     * Reads the change.
     *
     * @param progress told how far the work is, in words for people
     * @throws ReviewerException where nothing could be read at all, and the review must not look as if it had been
     */
    Report review(Assignment assignment, Consumer<String> progress) throws ReviewerException, InterruptedException;
}
