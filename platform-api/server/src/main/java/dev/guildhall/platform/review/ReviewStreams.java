package dev.guildhall.platform.review;

import dev.guildhall.platform.problem.ErrorCode;
import dev.guildhall.platform.problem.GuildhallException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.LongPredicate;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;
import org.springframework.transaction.event.TransactionalEventListener;

/**
 * Wakes those who follow reviews. A signal carries no content: whoever is woken reads the database and so sees the
 * latest state, however many changes it slept through; nothing queues up for a slow reader.
 */
@Component
@EnableConfigurationProperties(ReviewSettings.class)
public class ReviewStreams implements SmartLifecycle {

    private final ReviewSettings settings;
    private final Semaphore places;
    private final Set<Subscription> subscriptions = ConcurrentHashMap.newKeySet();
    private volatile boolean running;

    ReviewStreams(ReviewSettings settings) {
        this.settings = settings;
        this.places = new Semaphore(settings.streamsMax());
    }

    /** Follows one review. */
    public Subscription follow(long reviewId) {
        return subscribe(id -> id == reviewId);
    }

    /** Follows all reviews. */
    public Subscription followAll() {
        return subscribe(_ -> true);
    }

    public Duration heartbeat() {
        return settings.heartbeat();
    }

    public Duration lifetime() {
        return settings.streamLifetime();
    }

    private Subscription subscribe(LongPredicate wanted) {
        if (!places.tryAcquire()) {
            throw new GuildhallException(
                    ErrorCode.TOO_BUSY,
                    "%d live streams are open, which is guildhall.review.streams-max: close some, or raise it"
                            .formatted(settings.streamsMax()));
        }
        Subscription subscription = new Subscription(wanted);
        subscriptions.add(subscription);
        return subscription;
    }

    @TransactionalEventListener
    void on(ReviewChanged change) {
        for (Subscription subscription : subscriptions) {
            if (subscription.wanted.test(change.reviewId())) {
                subscription.signals.release();
            }
        }
    }

    @Override
    public void start() {
        running = true;
    }

    /** Ends all streams, so that the web server need not wait for them. */
    @Override
    public void stop() {
        running = false;
        subscriptions.forEach(subscription -> subscription.signals.release());
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    /** A follower's bell. */
    public final class Subscription implements AutoCloseable {

        private final LongPredicate wanted;
        private final Semaphore signals = new Semaphore(0);

        private Subscription(LongPredicate wanted) {
            this.wanted = wanted;
        }

        /** Returns at the next change, at the latest after {@code patience}. */
        public void await(Duration patience) throws InterruptedException {
            if (signals.tryAcquire(patience.toMillis(), TimeUnit.MILLISECONDS)) {
                signals.drainPermits();
            }
        }

        /** False when this service is about to stop. */
        public boolean isOpen() {
            return running;
        }

        @Override
        public void close() {
            if (subscriptions.remove(this)) {
                places.release();
            }
        }
    }
}
