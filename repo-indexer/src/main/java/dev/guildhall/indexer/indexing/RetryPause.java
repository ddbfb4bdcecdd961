package dev.guildhall.indexer.indexing;

import java.time.Duration;

/** Pauses that double, up to a longest one. */
final class RetryPause {

    private static final int DOUBLINGS_MAX = 30;

    private RetryPause() {}

    static Duration after(int attempts, Duration first, Duration longest) {
        Duration pause = first.multipliedBy(1L << Math.min(attempts, DOUBLINGS_MAX));
        return pause.compareTo(longest) < 0 ? pause : longest;
    }
}
