package dev.guildhall.engine.generation;

/** Hears an answer as it comes. Called by the thread that decodes for everyone: hand over, never wait. */
@FunctionalInterface
public interface GenerationListener {

    GenerationListener NONE = text -> {};

    /** The next piece of text: whole characters, without any part of a stop string. */
    void text(String text);

    /** The request has left the queue. */
    default void started(int promptTokens, int cachedTokens) {}
}
