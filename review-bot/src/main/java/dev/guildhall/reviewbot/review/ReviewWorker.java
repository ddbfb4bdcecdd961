package dev.guildhall.reviewbot.review;

import dev.guildhall.contract.Failure;
import dev.guildhall.contract.event.ReviewCompleted;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

/** Claims reviews and runs a bounded number of them side by side, giving signs of life while they run. */
class ReviewWorker implements SmartLifecycle {

    private static final Logger log = LoggerFactory.getLogger(ReviewWorker.class);

    private static final Duration STOP_TIMEOUT = Duration.ofSeconds(10);
    private static final Duration CLEANING_INTERVAL = Duration.ofHours(1);

    private final Reviews reviews;
    private final ReviewRun run;
    private final String name;
    private final WorkSettings settings;
    private final Clock clock;
    private final Semaphore free;
    private final Map<Long, Claim> claims = new ConcurrentHashMap<>();
    private final ScheduledExecutorService scheduler = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().name("review-worker").daemon().factory());
    private volatile boolean running;

    /** A review in work. */
    private final class Claim {
        private final Review review;
        private final long deadline = System.nanoTime() + settings.timeMax().toNanos();
        private final Thread thread;
        private volatile boolean overdue;

        Claim(Review review) {
            this.review = review;
            this.thread =
                    Thread.ofPlatform().name("review-" + review.id()).daemon().unstarted(() -> work(this));
        }
    }

    ReviewWorker(Reviews reviews, ReviewRun run, String name, WorkSettings settings, Clock clock) {
        this.reviews = reviews;
        this.run = run;
        this.name = name;
        this.settings = settings;
        this.clock = clock;
        this.free = new Semaphore(settings.reviewsAtOnce());
    }

    @Override
    public void start() {
        int back = reviews.takeBack(name);
        if (back > 0) {
            log.info("{} reviews were cut off when this worker last ended, they are taken up again", back);
        }
        running = true;
        every(settings.pollInterval(), this::claimAll);
        every(settings.heartbeat(), this::giveSignOfLife);
        every(
                CLEANING_INTERVAL,
                () -> reviews.forgetEventsBefore(clock.instant().minus(settings.eventsKept())));
    }

    /** Looks for work now. */
    void wake() {
        if (running) {
            try {
                scheduler.execute(guarded(this::claimAll));
            } catch (RejectedExecutionException e) {
                log.debug("stopping, the review waits for the next start");
            }
        }
    }

    @Override
    public void stop() {
        running = false;
        scheduler.shutdownNow();
        List<Claim> open = List.copyOf(claims.values());
        open.forEach(claim -> claim.thread.interrupt());
        try {
            for (Claim claim : open) {
                if (!claim.thread.join(STOP_TIMEOUT)) {
                    log.warn("review {} does not stop, its claim is given back all the same", claim.review.id());
                    reviews.release(claim.review, name);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    private void claimAll() {
        giveSignOfLife();
        while (running && free.tryAcquire()) {
            @Nullable Claim claim = null;
            try {
                Optional<Review> claimed = reviews.claim(name, settings.lease());
                if (claimed.isEmpty()) {
                    return;
                }
                claim = new Claim(claimed.get());
            } finally {
                if (claim == null) {
                    free.release();
                }
            }
            claims.put(claim.review.id(), claim);
            claim.thread.start();
        }
    }

    private void work(Claim claim) {
        Review review = claim.review;
        Steps steps = new Steps(
                (sequence, step) -> reviews.tell(review.key(), review.attempt(), review.run(), sequence, step));
        try {
            end(review, outcome(review, steps));
        } catch (InterruptedException e) {
            if (claim.overdue) {
                end(review, run.failed(review, steps, tooLong()));
            } else {
                reviews.release(review, name);
            }
        } catch (RuntimeException | StackOverflowError e) {
            log.error("review {} of {} ended by an error", review.id(), review.key(), e);
            end(review, run.failed(review, steps, unforeseen(e)));
        } finally {
            claims.remove(review.id(), claim);
            free.release();
            wake();
        }
    }

    private ReviewCompleted outcome(Review review, Steps steps) throws InterruptedException {
        if (review.run() > settings.runsMax()) {
            return run.failed(review, steps, cutOffTooOften());
        }
        return run.run(review, steps);
    }

    private void end(Review review, ReviewCompleted outcome) {
        Failure failure = outcome.failure();
        if (!reviews.end(review, name, outcome)) {
            log.warn("the claim of review {} was lost, its outcome is left to the one who has it", review.id());
        } else if (failure != null) {
            log.warn("review of {} failed: {} {}", review.key(), failure.code(), failure.message());
        } else {
            log.info(
                    "review of {} completed: {} findings in {} ms",
                    review.key(),
                    outcome.findings().size(),
                    outcome.usage().totalMillis());
        }
    }

    private void giveSignOfLife() {
        for (Claim claim : claims.values()) {
            if (!claim.overdue && System.nanoTime() >= claim.deadline) {
                claim.overdue = true;
                claim.thread.interrupt();
            }
        }
        List<Claim> alive =
                claims.values().stream().filter(claim -> !claim.overdue).toList();
        if (alive.isEmpty()) {
            return;
        }
        List<Long> held = reviews.renew(
                name, alive.stream().map(claim -> claim.review.id()).toList(), settings.lease());
        for (Claim claim : alive) {
            if (!held.contains(claim.review.id()) && claims.containsValue(claim)) {
                log.warn("the claim of review {} was lost, its work stops", claim.review.id());
                claim.thread.interrupt();
            }
        }
    }

    @SuppressWarnings("FutureReturnValueIgnored")
    private void every(Duration interval, Runnable task) {
        scheduler.scheduleWithFixedDelay(
                guarded(task), interval.toMillis(), interval.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** A database that is away must not end the schedule. */
    private static Runnable guarded(Runnable task) {
        return () -> {
            try {
                task.run();
            } catch (RuntimeException e) {
                log.warn("looking after reviews failed, it is tried again: {}", e.getMessage());
            }
        };
    }

    private Failure tooLong() {
        return new Failure(
                "review-timed-out",
                "the review took longer than %d s (guildhall.work.time-max)"
                        .formatted(settings.timeMax().toSeconds()),
                "Raise the limit, or give the model less to read (guildhall.model.*), then run the review again.");
    }

    private Failure cutOffTooOften() {
        return new Failure(
                "review-cut-off",
                "review-bot ended %d times while it worked on this review (guildhall.work.runs-max)"
                        .formatted(settings.runsMax()),
                "Look into review-bot's log for why it ended, then run the review again.");
    }

    private static Failure unforeseen(Throwable error) {
        return new Failure(
                "review-internal-error",
                "an error that nobody foresaw ended the review: "
                        + error.getClass().getSimpleName(),
                "Run the review again; if it fails again, review-bot's log says where.");
    }
}
