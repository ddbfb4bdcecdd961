package dev.guildhall.engine.generation;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Waiting requests: callers take turns, each caller's requests keep their order. Not for use by several threads. */
final class FairQueue {

    private final Map<String, Deque<Sequence>> callers = new LinkedHashMap<>();
    private int size;

    int size() {
        return size;
    }

    void add(Sequence sequence) {
        callers.computeIfAbsent(sequence.caller(), _ -> new ArrayDeque<>()).add(sequence);
        size++;
    }

    /** The request whose turn it is, without taking it. */
    @Nullable
    Sequence peek() {
        return callers.isEmpty() ? null : callers.values().iterator().next().peek();
    }

    /** Takes the request whose turn it is; its caller goes behind the others. */
    @Nullable
    Sequence poll() {
        Iterator<Map.Entry<String, Deque<Sequence>>> first = callers.entrySet().iterator();
        if (!first.hasNext()) {
            return null;
        }
        Map.Entry<String, Deque<Sequence>> turn = first.next();
        String caller = turn.getKey();
        Deque<Sequence> waiting = turn.getValue();
        first.remove();
        Sequence taken = waiting.poll();
        if (!waiting.isEmpty()) {
            callers.put(caller, waiting);
        }
        size--;
        return taken;
    }
}
