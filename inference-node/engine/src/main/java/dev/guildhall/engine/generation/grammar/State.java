package dev.guildhall.engine.generation.grammar;

import org.jspecify.annotations.Nullable;

/** Where an answer may stand: all paths through the grammar that fit its bytes so far. */
final class State {

    /** The paths that go on; each begins with a text or a set of bytes. */
    final Frame[] paths;

    /** The bytes so far are complete. */
    final boolean accepting;

    final @Nullable State[] next = new @Nullable State[256];
    final boolean[] known = new boolean[256];
    long @Nullable [] allowedTokens;

    State(Frame[] paths, boolean accepting) {
        this.paths = paths;
        this.accepting = accepting;
    }
}
