package dev.guildhall.reviewbot.review;

import dev.guildhall.contract.review.ReviewStep;
import dev.guildhall.contract.review.ReviewStep.Name;
import dev.guildhall.contract.review.ReviewStep.State;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** Keeps how the steps of one run stand and tells each change. Reviewers that work side by side share it. */
final class Steps {

    private static final int DETAIL_LENGTH_MAX = 300;

    /** Hears of each change. */
    interface Listener {
        void changed(int sequence, ReviewStep step);
    }

    private final Listener listener;
    private final Map<Name, ReviewStep> steps = new EnumMap<>(Name.class);
    private final Map<Name, Long> starts = new EnumMap<>(Name.class);
    private int sequence;

    Steps(Listener listener) {
        this.listener = listener;
    }

    synchronized void begin(Name name, String detail) {
        starts.put(name, System.nanoTime());
        put(name, State.RUNNING, detail, 0);
    }

    synchronized void move(Name name, String detail) {
        put(name, State.RUNNING, detail, elapsed(name));
    }

    synchronized void complete(Name name, String detail) {
        put(name, State.COMPLETED, detail, elapsed(name));
    }

    synchronized void completeAfter(Name name, String detail, Duration elapsed) {
        put(name, State.COMPLETED, detail, elapsed.toMillis());
    }

    synchronized void skip(Name name, String detail) {
        put(name, State.SKIPPED, detail, elapsed(name));
    }

    /** Marks every step that still runs as failed. */
    synchronized void failRunning(String detail) {
        for (ReviewStep step : List.copyOf(steps.values())) {
            if (step.state() == State.RUNNING) {
                put(step.name(), State.FAILED, detail, elapsed(step.name()));
            }
        }
    }

    synchronized List<ReviewStep> all() {
        return List.copyOf(steps.values());
    }

    private long elapsed(Name name) {
        Long start = starts.get(name);
        return start == null ? 0 : Duration.ofNanos(System.nanoTime() - start).toMillis();
    }

    private void put(Name name, State state, String detail, long elapsedMillis) {
        String shown = detail.length() > DETAIL_LENGTH_MAX ? detail.substring(0, DETAIL_LENGTH_MAX) + "…" : detail;
        ReviewStep step = new ReviewStep(name, state, shown, elapsedMillis);
        steps.put(name, step);
        listener.changed(++sequence, step);
    }
}
