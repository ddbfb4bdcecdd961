package dev.guildhall.engine.generation.grammar;

import org.jspecify.annotations.Nullable;

/** Where an answer may stand: all paths through the grammar that fit its bytes so far. */
final class State {

    static final State NOWHERE = new State(new Frame[0], false);

    /** The paths that go on; each begins with a text or a set of bytes. */
    final Frame[] paths;

    /** The bytes so far are complete. */
    final boolean accepting;

    /** By byte: where it leads, {@link #NOWHERE}, or null where that has not been computed. */
    final @Nullable State[] next = new @Nullable State[256];

    /** The short tokens that may come next, a bit for each, where they are many. */
    long @Nullable [] shortTokens;

    State(Frame[] paths, boolean accepting) {
        this.paths = paths;
        this.accepting = accepting;
    }
}
