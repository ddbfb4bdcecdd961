package dev.guildhall.engine.generation;

/**
 * What a model is doing, and what it has done since it was loaded.
 *
 * @param running requests that are being answered
 * @param waiting requests in the queue
 * @param cacheUsage share of the cache that running requests hold, 0 to 1
 * @param prefixQueriedTokens of prompts, which were looked for in the cache
 * @param prefixHitTokens of these, which were there
 * @param preemptions requests that went back to the queue for want of cache
 * @param promptTokens of all requests that were started, those from the cache included
 * @param answerTokens of all answers
 */
public record ModelStatistics(
        int running,
        int waiting,
        double cacheUsage,
        long prefixQueriedTokens,
        long prefixHitTokens,
        long preemptions,
        long promptTokens,
        long answerTokens) {}
