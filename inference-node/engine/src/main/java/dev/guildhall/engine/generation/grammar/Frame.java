package dev.guildhall.engine.generation.grammar;

import org.jspecify.annotations.Nullable;

/**
 * What is still to come on one path through a grammar: an expression, then the frames below. Made only by an {@link
 * Automaton}, which makes each one once, so that they compare by identity.
 */
final class Frame {

    final Expression expression;

    /** Bytes of a text that have passed, or rounds of a repetition that have begun. */
    final int count;

    final @Nullable Frame below;

    /** How many frames are below. */
    final int depth;

    /** In order of making, unique within the automaton. */
    final int id;

    Frame(Expression expression, int count, @Nullable Frame below, int id) {
        this.expression = expression;
        this.count = count;
        this.below = below;
        this.depth = below == null ? 0 : below.depth + 1;
        this.id = id;
    }
}
