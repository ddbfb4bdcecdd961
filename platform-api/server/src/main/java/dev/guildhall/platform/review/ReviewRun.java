package dev.guildhall.platform.review;

import dev.guildhall.contract.event.ReviewCompleted;
import dev.guildhall.contract.event.ReviewProgress;
import dev.guildhall.contract.review.ReviewStep;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The latest run of a review. Events move it forward only: those of an earlier attempt, and those that come after the
 * end of theirs (progress and completion travel on two topics), change nothing.
 *
 * @param attempt from 1; each run of the same review has the next one
 * @param steps in the order in which they began
 */
record ReviewRun(
        int attempt,
        ReviewState state,
        List<ReviewStep> steps,
        @Nullable Instant startedAt) {

    ReviewRun {
        steps = List.copyOf(steps);
    }

    static ReviewRun first() {
        return new ReviewRun(1, ReviewState.QUEUED, List.of(), null);
    }

    /** Absent when the event changes nothing. */
    Optional<ReviewRun> after(ReviewProgress progress) {
        if (isStale(progress.attempt())) {
            return Optional.empty();
        }
        boolean newAttempt = progress.attempt() > attempt;
        boolean waiting = progress.step().name() == ReviewStep.Name.QUEUED
                && progress.step().state() == ReviewStep.State.RUNNING;
        Instant started = newAttempt ? null : startedAt;
        if (started == null && !waiting) {
            started = progress.occurredAt();
        }
        return Optional.of(new ReviewRun(
                progress.attempt(),
                waiting ? ReviewState.QUEUED : ReviewState.RUNNING,
                with(newAttempt ? List.of() : steps, progress.step()),
                started));
    }

    /** Absent when the event changes nothing. */
    Optional<ReviewRun> after(ReviewCompleted completed) {
        if (isStale(completed.attempt())) {
            return Optional.empty();
        }
        return Optional.of(new ReviewRun(
                completed.attempt(),
                completed.failure() == null ? ReviewState.COMPLETED : ReviewState.FAILED,
                completed.steps(),
                completed.startedAt()));
    }

    /** The next attempt of a failed run; absent while there is nothing to run again. */
    Optional<ReviewRun> again() {
        return state == ReviewState.FAILED
                ? Optional.of(new ReviewRun(attempt + 1, ReviewState.QUEUED, List.of(), null))
                : Optional.empty();
    }

    private boolean isStale(int eventAttempt) {
        return eventAttempt < attempt || (eventAttempt == attempt && state.isEnd());
    }

    private static List<ReviewStep> with(List<ReviewStep> steps, ReviewStep step) {
        List<ReviewStep> all = new ArrayList<>(steps);
        for (int index = 0; index < all.size(); index++) {
            if (all.get(index).name() == step.name()) {
                all.set(index, step);
                return all;
            }
        }
        all.add(step);
        return all;
    }
}
