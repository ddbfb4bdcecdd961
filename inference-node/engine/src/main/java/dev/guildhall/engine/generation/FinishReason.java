package dev.guildhall.engine.generation;

/** Why an answer ended. */
public enum FinishReason {
    /** It was complete: the model ended it, a stop string came, or the schema allows nothing more. */
    STOP,
    /** It reached the most tokens that it may have. */
    LENGTH
}
