package dev.guildhall.contract;

/** A commit and the ref under which it was announced, such as {@code main} or {@code refs/heads/feature}. */
public record Revision(String ref, CommitId commit) {}
