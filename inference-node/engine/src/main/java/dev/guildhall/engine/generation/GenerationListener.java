package dev.guildhall.engine.generation;

import org.jspecify.annotations.Nullable;

/** Hears an answer as it comes. Called by the thread that decodes for everyone: hand over, never wait. */
@FunctionalInterface
public interface GenerationListener {

    GenerationListener NONE = text -> {};

    /** The next piece of text: whole characters, without any part of a stop string. */
    void text(String text);

    /** The request has left the queue. */
    default void started(int promptTokens, int cachedTokens) {}

    /**
     * The next token of the answer; the text that it completes follows.
     *
     * @param logprobs when they were asked for
     */
    default void token(int token, @Nullable TokenLogprobs logprobs) {}
}
