package dev.guildhall.engine.kernel;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * A fixed set of threads that share out the items of one task after another; the calling thread is one of them.
 *
 * <p>A decoded token is over a hundred tasks of some 50 µs each, so the threads wait for the next one by spinning, and
 * sleep only when none has come for a while. The caller waits for items, not for threads: one that lost its core to another
 * process holds up no more than the item it has, and nothing when it has none.
 */
public final class Workers implements AutoCloseable {

    private static final int SPINS_BEFORE_SLEEP = 20_000;
    private static final long NAP_NANOS = 20_000;

    private final Thread[] threads;
    private volatile Round current = new Round((_, _) -> {}, 0);
    private volatile boolean closed;

    /** Work on one item; {@code worker} is from 0 to {@code threads - 1} and names scratch memory that no other uses now. */
    @FunctionalInterface
    public interface Task {
        void run(int worker, int item);
    }

    /** A task and how far it is. A thread that comes late finds no items in it and leaves it alone. */
    private static final class Round {
        private final Task task;
        private final int items;
        private final AtomicInteger taken = new AtomicInteger();
        private final AtomicInteger done = new AtomicInteger();
        private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();

        Round(Task task, int items) {
            this.task = task;
            this.items = items;
        }

        void takeItems(int worker) {
            for (int item = taken.getAndIncrement(); item < items; item = taken.getAndIncrement()) {
                try {
                    task.run(worker, item);
                } catch (Throwable thrown) {
                    failure.compareAndSet(null, thrown);
                } finally {
                    done.getAndIncrement();
                }
            }
        }
    }

    public Workers(int threadCount) {
        if (threadCount < 1) {
            throw new IllegalArgumentException("%d threads cannot work; at least one is needed".formatted(threadCount));
        }
        threads = new Thread[threadCount - 1];
        for (int i = 0; i < threads.length; i++) {
            int worker = i + 1;
            threads[i] =
                    Thread.ofPlatform().daemon().name("engine-worker-" + worker).start(() -> work(worker));
        }
    }

    public int count() {
        return threads.length + 1;
    }

    /** Runs {@code task} for every item from 0 to {@code items - 1} and returns when all are done. */
    public void run(int items, Task task) {
        if (closed) {
            throw new IllegalStateException("the workers were closed");
        }
        if (threads.length == 0 || items <= 1) {
            for (int item = 0; item < items; item++) {
                task.run(0, item);
            }
            return;
        }
        Round round = new Round(task, items);
        current = round;
        for (Thread thread : threads) {
            LockSupport.unpark(thread);
        }
        round.takeItems(0);
        for (int spins = 0; round.done.get() < items; spins++) {
            if (spins < SPINS_BEFORE_SLEEP) {
                Thread.onSpinWait();
            } else {
                LockSupport.parkNanos(this, NAP_NANOS);
            }
        }
        Throwable thrown = round.failure.get();
        if (thrown != null) {
            throw new IllegalStateException("a worker failed: " + thrown, thrown);
        }
    }

    private void work(int worker) {
        Round seen = current;
        while (true) {
            Round next = current;
            for (int spins = 0; next == seen && !closed; spins++) {
                if (spins < SPINS_BEFORE_SLEEP) {
                    Thread.onSpinWait();
                } else {
                    LockSupport.park(this);
                }
                next = current;
            }
            if (closed) {
                return;
            }
            seen = next;
            next.takeItems(worker);
        }
    }

    @Override
    public void close() {
        closed = true;
        for (Thread thread : threads) {
            LockSupport.unpark(thread);
        }
        boolean interrupted = false;
        for (Thread thread : threads) {
            while (thread.isAlive()) {
                try {
                    thread.join();
                } catch (InterruptedException interruption) {
                    interrupted = true;
                }
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
