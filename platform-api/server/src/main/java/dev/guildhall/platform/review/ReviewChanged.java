package dev.guildhall.platform.review;

/** A review changed in the read model. */
record ReviewChanged(long reviewId) {}
