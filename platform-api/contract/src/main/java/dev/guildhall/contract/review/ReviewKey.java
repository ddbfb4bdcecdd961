package dev.guildhall.contract.review;

import dev.guildhall.contract.CommitId;
import java.util.UUID;

/** What makes a review unique: however often an event is delivered, there is one review for each such key. */
public record ReviewKey(UUID repositoryId, int number, CommitId head) {}
