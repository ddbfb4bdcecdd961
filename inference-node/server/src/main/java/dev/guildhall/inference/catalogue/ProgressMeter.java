package dev.guildhall.inference.catalogue;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.LongSupplier;

/** Turns byte counts into progress with a rate: twice a second at most, and never backwards. */
final class ProgressMeter {

    private static final long REPORT_NANOS = 500_000_000L;
    private static final long WINDOW_NANOS = 5_000_000_000L;

    private record Sample(long nanos, long bytes) {}

    private final String model;
    private final long bytesTotal;
    private final DownloadProgress listener;
    private final LongSupplier nanoTime;
    private final Deque<Sample> window = new ArrayDeque<>();
    private long bytesDone;
    private long reportedNanos;

    ProgressMeter(String model, long bytesTotal, DownloadProgress listener, LongSupplier nanoTime) {
        this.model = model;
        this.bytesTotal = bytesTotal;
        this.listener = listener;
        this.nanoTime = nanoTime;
        this.reportedNanos = nanoTime.getAsLong() - REPORT_NANOS;
    }

    /** Where the count starts anew, and what was there before does not count as speed. */
    synchronized void begin(long bytes) {
        bytesDone = bytes;
        window.clear();
        window.add(new Sample(nanoTime.getAsLong(), bytes));
    }

    synchronized void at(long bytes) {
        boolean wasComplete = bytesDone == bytesTotal;
        bytesDone = Math.max(bytesDone, Math.min(bytes, bytesTotal));
        boolean isComplete = bytesDone == bytesTotal;
        long now = nanoTime.getAsLong();
        if (isComplete ? !wasComplete : now - reportedNanos >= REPORT_NANOS) {
            report(now);
        }
    }

    private void report(long now) {
        reportedNanos = now;
        window.add(new Sample(now, bytesDone));
        while (window.size() > 2 && now - window.getFirst().nanos() > WINDOW_NANOS) {
            window.removeFirst();
        }
        Sample oldest = window.getFirst();
        double seconds = (now - oldest.nanos()) / 1e9;
        long rate = seconds > 0 ? Math.round((bytesDone - oldest.bytes()) / seconds) : 0;
        listener.moved(model, bytesDone, bytesTotal, rate);
    }
}
