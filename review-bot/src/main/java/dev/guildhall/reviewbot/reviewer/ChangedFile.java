package dev.guildhall.reviewbot.reviewer;

import dev.guildhall.reviewbot.policy.Depth;
import dev.guildhall.reviewbot.pullrequest.FileDiff;

/**
 * A file that reviewers are to read.
 *
 * @param text the whole file at head; empty for a deleted file
 */
public record ChangedFile(FileDiff diff, String text, Depth depth) {}
