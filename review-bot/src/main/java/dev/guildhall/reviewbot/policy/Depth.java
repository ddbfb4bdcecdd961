package dev.guildhall.reviewbot.policy;

/** How closely a file is read, least first. */
public enum Depth {
    /** By nobody. */
    NONE,
    /** For secrets. */
    SECRETS,
    /** For secrets and by rules. */
    ANALYSIS,
    /** By the model too. */
    MODEL
}
