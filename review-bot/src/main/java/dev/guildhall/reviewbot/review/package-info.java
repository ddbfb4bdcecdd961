/** Carries a review from the event to its outcome, through crashes and redelivery. */
@NullMarked
package dev.guildhall.reviewbot.review;

import org.jspecify.annotations.NullMarked;
