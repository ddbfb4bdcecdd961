package dev.guildhall.engine.model;

/** For which positions of a slice the logits are computed: a vocabulary's worth of numbers each. */
public enum LogitsWanted {
    NONE,
    /** Of the last token: what a sampler needs. */
    LAST,
    /** Of every token: what scoring a text needs. */
    ALL,
    /** In their place the normed state of the last token that they would be computed from: what an embedding is. */
    LAST_STATE;

    boolean logits() {
        return this == LAST || this == ALL;
    }
}
