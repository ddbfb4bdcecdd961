package dev.guildhall.engine.kernel;

import dev.guildhall.engine.tensor.KeyValuePages;

/**
 * Tokens of one sequence that look back together.
 *
 * @param firstRow row of the queries and results where they begin
 * @param tokens how many
 * @param start position of the first; the keys and values of all are already in {@code cache}
 */
public record AttentionSpan(int firstRow, int tokens, int start, KeyValuePages cache) {}
