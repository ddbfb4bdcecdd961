package dev.guildhall.platform.problem;

/** Who has to do something about a problem. */
public enum Blame {
    /** The caller: the same request fails again. */
    USER,
    /** Us: a defect. */
    INTERNAL,
    /** Nobody: something that we need is away or used up, and the same request may succeed later. */
    RESOURCES
}
