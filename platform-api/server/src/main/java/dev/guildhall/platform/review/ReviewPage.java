package dev.guildhall.platform.review;

import java.util.List;

/** @param total reviews that match, over all pages */
public record ReviewPage(List<ReviewSummary> items, long total, int page, int size) {}
