package dev.guildhall.platform.review;

import static org.assertj.core.api.Assertions.assertThat;

import dev.guildhall.contract.CommitId;
import dev.guildhall.contract.Failure;
import dev.guildhall.contract.event.ReviewCompleted;
import dev.guildhall.contract.event.ReviewProgress;
import dev.guildhall.contract.review.ReviewKey;
import dev.guildhall.contract.review.ReviewStep;
import dev.guildhall.contract.review.ReviewUsage;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ReviewRunTest {

    private static final Instant NOON = Instant.parse("2026-11-01T12:00:00Z");
    private static final ReviewKey KEY = new ReviewKey(UUID.randomUUID(), 1, new CommitId("a".repeat(40)));
    private static final Failure FAILURE = new Failure("model-away", "no answer", "start it");

    private final ReviewRun queued = ReviewRun.first();

    @Test
    void waitsUntilItsFirstStep() {
        ReviewRun waiting = queued.after(progress(1, ReviewStep.Name.QUEUED, ReviewStep.State.RUNNING))
                .orElseThrow();
        assertThat(waiting.state()).isEqualTo(ReviewState.QUEUED);
        assertThat(waiting.startedAt()).isNull();
        ReviewRun running = waiting.after(progress(1, ReviewStep.Name.READ_DIFF, ReviewStep.State.RUNNING))
                .orElseThrow();
        assertThat(running.state()).isEqualTo(ReviewState.RUNNING);
        assertThat(running.startedAt()).isEqualTo(NOON);
        assertThat(running.steps()).hasSize(2);
    }

    @Test
    void keepsOneEntryForEachStep() {
        ReviewRun run = queued.after(progress(1, ReviewStep.Name.ANALYZE, ReviewStep.State.RUNNING))
                .flatMap(at -> at.after(progress(1, ReviewStep.Name.ASK_MODEL, ReviewStep.State.RUNNING)))
                .flatMap(at -> at.after(progress(1, ReviewStep.Name.ANALYZE, ReviewStep.State.COMPLETED)))
                .orElseThrow();
        assertThat(run.steps())
                .extracting(ReviewStep::name)
                .containsExactly(ReviewStep.Name.ANALYZE, ReviewStep.Name.ASK_MODEL);
        assertThat(run.steps().getFirst().state()).isEqualTo(ReviewStep.State.COMPLETED);
    }

    @Test
    void ignoresWhatComesAfterItsEnd() {
        ReviewRun over = queued.after(completed(1, null)).orElseThrow();
        assertThat(over.state()).isEqualTo(ReviewState.COMPLETED);
        assertThat(over.after(progress(1, ReviewStep.Name.PUBLISH, ReviewStep.State.RUNNING)))
                .isEmpty();
        assertThat(over.after(completed(1, FAILURE))).isEmpty();
        assertThat(over.again()).isEmpty();
    }

    @Test
    void newAttemptBeginsAnewAndOldOnesAreIgnored() {
        ReviewRun failed = queued.after(completed(1, FAILURE)).orElseThrow();
        ReviewRun again = failed.again().orElseThrow();
        assertThat(again).isEqualTo(new ReviewRun(2, ReviewState.QUEUED, List.of(), null));
        assertThat(again.after(completed(1, FAILURE))).isEmpty();
        ReviewRun third = again.after(progress(3, ReviewStep.Name.READ_DIFF, ReviewStep.State.RUNNING))
                .orElseThrow();
        assertThat(third.attempt()).isEqualTo(3);
        assertThat(third.steps()).hasSize(1);
        assertThat(third.again()).isEmpty();
    }

    private static ReviewProgress progress(int attempt, ReviewStep.Name name, ReviewStep.State state) {
        return new ReviewProgress(KEY, attempt, new ReviewStep(name, state, "", 1), NOON);
    }

    private static ReviewCompleted completed(int attempt, @Nullable Failure failure) {
        return new ReviewCompleted(
                KEY,
                attempt,
                "",
                List.of(),
                0,
                List.of(),
                List.of(),
                new ReviewUsage(null, 0, 0, 0, 0, 0, 1),
                failure,
                NOON,
                NOON);
    }
}
