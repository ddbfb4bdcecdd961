package dev.guildhall.engine.generation;

import java.time.Duration;

/** How often requests come to an end, by the last of them. Not for use by several threads. */
final class Pace {

    private static final Duration UNKNOWN = Duration.ofSeconds(5);
    private static final int SECONDS_MAX = 600;

    private final long[] ends = new long[16]; // a ring of nanoseconds
    private int count;

    void ended(long nanos) {
        ends[count++ % ends.length] = nanos;
    }

    /** When {@code requests} will have ended, in whole seconds. */
    Duration until(int requests) {
        int measured = Math.min(count, ends.length);
        if (measured < 2) {
            return UNKNOWN;
        }
        long time = ends[(count - 1) % ends.length] - ends[(count - measured) % ends.length];
        double seconds = Math.ceil(time / 1e9 / (measured - 1) * requests);
        return Duration.ofSeconds((long) Math.clamp(seconds, 1, SECONDS_MAX));
    }
}
