package dev.guildhall.engine.kernel;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * A fixed set of threads that share out the items of one task after another; the calling thread is one of them.
 *
 * <p>A decoded token is over a hundred tasks of some 50 µs each, so the threads wait for the next one by spinning, and
 * sleep only when none has come for a while. Items are taken one by one, so that a thread that lost its core to another
 * process holds up no more than the item it has.
 */
public final class Workers implements AutoCloseable {

    private static final int SPINS_BEFORE_SLEEP = 20_000;
    private static final int SPINS_BEFORE_WAIT = 20_000;
    private static final long WAIT_NANOS = 20_000;

    private final Thread[] threads;
    private final AtomicInteger nextItem = new AtomicInteger();
    private final AtomicInteger busy = new AtomicInteger();
    private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
    private Task task = (_, _) -> {};
    private int items;
    private final AtomicInteger round = new AtomicInteger();
    private volatile boolean closed;

    /** Work on one item; {@code worker} is from 0 to {@code threads - 1} and names scratch memory that no other uses now. */
    @FunctionalInterface
    public interface Task {
        void run(int worker, int item);
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

    /** Runs {@code task} for every item from 0 to {@code itemCount - 1} and returns when all are done. */
    public void run(int itemCount, Task newTask) {
        if (closed) {
            throw new IllegalStateException("the workers were closed");
        }
        if (threads.length == 0 || itemCount <= 1) {
            for (int item = 0; item < itemCount; item++) {
                newTask.run(0, item);
            }
            return;
        }
        task = newTask;
        items = itemCount;
        nextItem.setPlain(0);
        busy.setPlain(threads.length);
        // Publishes the fields above to the threads that read the round.
        round.getAndIncrement();
        for (Thread thread : threads) {
            LockSupport.unpark(thread);
        }
        takeItems(0);
        for (int spins = 0; busy.get() > 0; spins++) {
            if (spins < SPINS_BEFORE_WAIT) {
                Thread.onSpinWait();
            } else {
                LockSupport.parkNanos(this, WAIT_NANOS);
            }
        }
        Throwable thrown = failure.getAndSet(null);
        if (thrown != null) {
            throw new IllegalStateException("a worker failed: " + thrown, thrown);
        }
    }

    private void work(int worker) {
        int seen = 0;
        while (true) {
            for (int spins = 0; round.get() == seen && !closed; spins++) {
                if (spins < SPINS_BEFORE_SLEEP) {
                    Thread.onSpinWait();
                } else {
                    LockSupport.park(this);
                }
            }
            if (closed) {
                return;
            }
            seen = round.get();
            takeItems(worker);
            busy.getAndDecrement();
        }
    }

    private void takeItems(int worker) {
        Task current = task;
        int count = items;
        try {
            for (int item = nextItem.getAndIncrement(); item < count; item = nextItem.getAndIncrement()) {
                current.run(worker, item);
            }
        } catch (Throwable thrown) {
            failure.compareAndSet(null, thrown);
        }
    }

    @Override
    public void close() {
        closed = true;
        for (Thread thread : threads) {
            LockSupport.unpark(thread);
        }
        for (Thread thread : threads) {
            boolean interrupted = false;
            while (thread.isAlive()) {
                try {
                    thread.join();
                } catch (InterruptedException interruption) {
                    interrupted = true;
                }
            }
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
