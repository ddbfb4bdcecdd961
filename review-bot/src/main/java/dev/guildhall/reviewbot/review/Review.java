package dev.guildhall.reviewbot.review;

import dev.guildhall.contract.event.PullRequestEvent;
import dev.guildhall.contract.review.ReviewKey;
import java.time.Instant;

/**
 * An attempt at a review that a worker has claimed.
 *
 * @param attempt counts what was asked for, from 1
 * @param run counts how often the attempt was taken up, from 1; it fences off workers that lost their claim
 */
record Review(long id, int attempt, int run, PullRequestEvent request, Instant queuedAt, Instant startedAt) {

    ReviewKey key() {
        return request.review();
    }
}
