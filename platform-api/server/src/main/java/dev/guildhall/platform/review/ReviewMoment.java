package dev.guildhall.platform.review;

import dev.guildhall.contract.review.ReviewStep;
import java.util.List;

/**
 * Where a review stood after one of its changes.
 *
 * @param id counts up over the changes of all reviews
 * @param steps all of the attempt so far
 */
public record ReviewMoment(long id, int attempt, ReviewState state, List<ReviewStep> steps) {}
