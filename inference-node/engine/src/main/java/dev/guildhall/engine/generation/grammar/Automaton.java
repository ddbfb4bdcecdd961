package dev.guildhall.engine.generation.grammar;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Runs a grammar over bytes.
 *
 * <p>A path through the grammar is a stack of {@link Frame}s, a linked list that paths share. A {@link State} is the
 * set of paths that are possible after the bytes so far; expressions that take no byte themselves are unfolded until
 * each path begins with a byte. Frames and states are made once and remembered, so that the pushdown automaton becomes a
 * table, filled in as answers need it. A repetition counts its rounds in its frame: a string of up to 10,000 characters
 * is one expression, not 10,000.
 *
 * <p>Used by one thread at a time.
 */
final class Automaton {

    /** Paths of one state, over which a grammar is refused as too ambiguous. */
    private static final int PATHS_MAX = 2_048;

    /** Expressions that wait below another, over which an answer nests too deep to be followed. */
    private static final int DEPTH_MAX = 2_000;

    private record FrameKey(
            Expression expression, int count, @Nullable Frame below) {
        @Override
        @SuppressWarnings("ReferenceEquality") // expressions and frames are what they are, not what they hold
        public boolean equals(@Nullable Object other) {
            return other instanceof FrameKey key
                    && key.expression == expression
                    && key.count == count
                    && key.below == below;
        }

        @Override
        public int hashCode() {
            return (System.identityHashCode(expression) * 31 + count) * 31 + System.identityHashCode(below);
        }
    }

    private record StateKey(List<Integer> frameIds, boolean accepting) {}

    private final Map<FrameKey, Frame> frames = new HashMap<>();
    private final Map<StateKey, State> states = new HashMap<>();
    private final State start;
    private int maskCount;

    Automaton(Expression grammar) {
        start = state(List.of(frame(grammar, 0, null)), false);
    }

    State start() {
        return start;
    }

    int stateCount() {
        return states.size();
    }

    /** Masks that its states hold. */
    int maskCount() {
        return maskCount;
    }

    void countMask() {
        maskCount++;
    }

    /** The state after one more byte; null where the grammar does not allow it. */
    @Nullable
    State next(State state, int unsignedByte) {
        State next = state.next[unsignedByte];
        if (next == null) {
            next = compute(state, unsignedByte);
            state.next[unsignedByte] = next;
        }
        return next == State.NOWHERE ? null : next;
    }

    private State compute(State state, int unsignedByte) {
        List<Frame> after = new ArrayList<>(2);
        boolean complete = false;
        for (Frame path : state.paths) {
            switch (path.expression) {
                case Expression.Text(byte[] bytes) -> {
                    if ((bytes[path.count] & 0xFF) != unsignedByte) {
                        continue;
                    }
                    if (path.count + 1 < bytes.length) {
                        after.add(frame(path.expression, path.count + 1, path.below));
                        continue;
                    }
                }
                case Expression.OneOf set -> {
                    if (!set.contains(unsignedByte)) {
                        continue;
                    }
                }
                case Expression.Sequence _, Expression.Choice _, Expression.Repeat _, Expression.Reference _ ->
                    throw new IllegalStateException("a path was not unfolded");
            }
            if (path.below == null) {
                complete = true;
            } else {
                after.add(path.below);
            }
        }
        return after.isEmpty() && !complete ? State.NOWHERE : state(after, complete);
    }

    /** A state that allows the same tokens, none of them longer than {@code bytesMax}, and stands for many like it. */
    State relaxed(State state, int bytesMax) {
        boolean changed = false;
        Frame[] paths = new Frame[state.paths.length];
        for (int i = 0; i < paths.length; i++) {
            paths[i] = relaxed(state.paths[i], bytesMax);
            changed |= paths[i] != state.paths[i];
        }
        return changed ? state(Arrays.asList(paths), state.accepting) : state;
    }

    private Frame relaxed(Frame frame, int bytesMax) {
        Frame below = frame.below == null ? null : relaxed(frame.below, bytesMax);
        int count = frame.count;
        if (frame.expression instanceof Expression.Repeat(Expression _, int min, int max)) {
            // A round takes a byte or more: bounds further away than that are out of a token's reach.
            if (count < min && min - count > bytesMax) {
                count = 0;
            } else if (count >= min && max - count > bytesMax) {
                count = min;
            }
        }
        return count == frame.count && below == frame.below ? frame : frame(frame.expression, count, below);
    }

    /** The same state, of another automaton over the same grammar, in this one. */
    State adopt(State foreign) {
        return state(Arrays.stream(foreign.paths).map(this::adopt).toList(), foreign.accepting);
    }

    private Frame adopt(Frame foreign) {
        return frame(foreign.expression, foreign.count, foreign.below == null ? null : adopt(foreign.below));
    }

    private Frame frame(Expression expression, int count, @Nullable Frame below) {
        Frame frame = frames.computeIfAbsent(
                new FrameKey(expression, count, below), key -> new Frame(expression, count, below, frames.size()));
        if (frame.depth > DEPTH_MAX) {
            throw new SchemaException("the answer nests deeper than can be followed");
        }
        return frame;
    }

    private State state(List<Frame> unfolded, boolean complete) {
        Set<Frame> paths = new TreeSet<>(Comparator.comparingInt(path -> path.id));
        boolean accepting = complete;
        for (Frame frame : unfolded) {
            accepting |= unfold(frame, paths);
        }
        if (paths.size() > PATHS_MAX) {
            throw new SchemaException("the schema is too ambiguous: %,d ways to go on, at most %,d are followed"
                    .formatted(paths.size(), PATHS_MAX));
        }
        boolean accepted = accepting;
        return states.computeIfAbsent(
                new StateKey(paths.stream().map(path -> path.id).toList(), accepting),
                key -> new State(paths.toArray(Frame[]::new), accepted));
    }

    /** Adds the byte-taking paths that {@code frame} stands for; true when it can also be at its end. */
    private boolean unfold(@Nullable Frame frame, Set<Frame> paths) {
        if (frame == null) {
            return true;
        }
        return switch (frame.expression) {
            case Expression.Text _, Expression.OneOf _ -> {
                paths.add(frame);
                yield false;
            }
            case Expression.Sequence(List<Expression> parts) -> {
                Frame rest = frame.below;
                for (int i = parts.size() - 1; i >= 0; i--) {
                    rest = frame(parts.get(i), 0, rest);
                }
                yield unfold(rest, paths);
            }
            case Expression.Choice(List<Expression> options) -> {
                boolean atEnd = false;
                for (Expression option : options) {
                    atEnd |= unfold(frame(option, 0, frame.below), paths);
                }
                yield atEnd;
            }
            case Expression.Repeat(Expression body, int min, int max) -> {
                boolean atEnd = frame.count >= min && unfold(frame.below, paths);
                if (frame.count < max) {
                    int begun = max == Expression.UNBOUNDED ? Math.min(frame.count + 1, min) : frame.count + 1;
                    atEnd |= unfold(frame(body, 0, frame(frame.expression, begun, frame.below)), paths);
                }
                yield atEnd;
            }
            case Expression.Reference reference -> unfold(frame(reference.target(), 0, frame.below), paths);
        };
    }
}
