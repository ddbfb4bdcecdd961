package dev.guildhall.engine.generation;

import java.util.List;

/** Lets text through until a stop string comes, holding back what may yet become one. */
final class StopStrings {

    private final List<String> stops;
    private final StringBuilder held = new StringBuilder();
    private boolean stopped;

    StopStrings(List<String> stops) {
        this.stops = stops;
    }

    /** The text that is certain to belong to the answer. */
    String accept(String text) {
        held.append(text);
        int end = -1;
        for (String stop : stops) {
            int at = held.indexOf(stop);
            if (at >= 0 && (end < 0 || at < end)) {
                end = at;
            }
        }
        if (end >= 0) {
            stopped = true;
            return take(end);
        }
        int start = Math.max(0, held.length() - longest() + 1);
        while (start < held.length() && !mayBecomeStop(start)) {
            start++;
        }
        return take(start);
    }

    boolean isStopped() {
        return stopped;
    }

    /** What was held back, when nothing more comes. */
    String finish() {
        return stopped ? "" : take(held.length());
    }

    private boolean mayBecomeStop(int start) {
        String tail = held.substring(start);
        return stops.stream().anyMatch(stop -> stop.startsWith(tail));
    }

    private int longest() {
        return stops.stream().mapToInt(String::length).max().orElse(1);
    }

    private String take(int end) {
        String taken = held.substring(0, end);
        held.delete(0, end);
        return taken;
    }
}
