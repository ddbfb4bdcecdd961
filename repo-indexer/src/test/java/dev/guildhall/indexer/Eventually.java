package dev.guildhall.indexer;

import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;

/** Waits for what happens elsewhere. */
final class Eventually {

    private Eventually() {}

    static <T> T value(Duration patience, Supplier<Optional<T>> attempt, Supplier<String> otherwise) {
        long deadline = System.nanoTime() + patience.toNanos();
        while (System.nanoTime() < deadline) {
            Optional<T> value = attempt.get();
            if (value.isPresent()) {
                return value.get();
            }
            try {
                Thread.sleep(50);
            } catch (InterruptedException e) {
                throw new AssertionError("interrupted while waiting", e);
            }
        }
        throw new AssertionError("not within " + patience + "; " + otherwise.get());
    }
}
