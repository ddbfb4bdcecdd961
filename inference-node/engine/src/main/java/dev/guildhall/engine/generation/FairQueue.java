package dev.guildhall.engine.generation;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Waiting requests: callers take turns, each caller's requests keep their order. Not for use by several threads. */
final class FairQueue {

    private final LinkedHashMap<String, Deque<Sequence>> callers = new LinkedHashMap<>();
    private int size;

    int size() {
        return size;
    }

    void add(Sequence sequence) {
        callers.computeIfAbsent(sequence.caller(), _ -> new ArrayDeque<>()).addLast(sequence);
        size++;
    }

    /** Puts a request back that had its turn: it is the next again. */
    void addFirst(Sequence sequence) {
        Deque<Sequence> waiting = callers.remove(sequence.caller());
        waiting = waiting == null ? new ArrayDeque<>() : waiting;
        waiting.addFirst(sequence);
        callers.putFirst(sequence.caller(), waiting);
        size++;
    }

    /** Takes the request whose turn it is; its caller goes behind the others. */
    @Nullable
    Sequence poll() {
        var turn = callers.pollFirstEntry();
        if (turn == null) {
            return null;
        }
        Sequence taken = turn.getValue().poll();
        if (!turn.getValue().isEmpty()) {
            callers.put(turn.getKey(), turn.getValue());
        }
        size--;
        return taken;
    }

    /** Takes out all that were cancelled. */
    List<Sequence> pollCancelled() {
        List<Sequence> cancelled = new ArrayList<>();
        for (Iterator<Deque<Sequence>> all = callers.values().iterator(); all.hasNext(); ) {
            Deque<Sequence> waiting = all.next();
            waiting.stream().filter(Sequence::isCancelled).forEach(cancelled::add);
            waiting.removeIf(cancelled::contains);
            if (waiting.isEmpty()) {
                all.remove();
            }
        }
        size -= cancelled.size();
        return cancelled;
    }
}
