package dev.guildhall.contract.review;

import org.jspecify.annotations.Nullable;

/**
 * What a review cost.
 *
 * @param model absent when no model was asked
 * @param modelCalls requests to the model, second check included
 * @param contextChunks pieces of the index that were put into prompts
 */
public record ReviewUsage(
        @Nullable String model,
        int modelCalls,
        long promptTokens,
        long completionTokens,
        int contextChunks,
        long modelMillis,
        long totalMillis) {}
