package dev.guildhall.engine.generation;

/** SplitMix64: a sequence of random numbers that its seed fixes, on every machine and in every version of Java. */
final class SplitMix {

    private long state;

    SplitMix(long seed) {
        state = seed;
    }

    long nextLong() {
        state += 0x9E3779B97F4A7C15L;
        long mixed = (state ^ state >>> 30) * 0xBF58476D1CE4E5B9L;
        mixed = (mixed ^ mixed >>> 27) * 0x94D049BB133111EBL;
        return mixed ^ mixed >>> 31;
    }

    /** From 0 up to, not including, 1. */
    double nextDouble() {
        return (nextLong() >>> 11) * 0x1.0p-53;
    }
}
