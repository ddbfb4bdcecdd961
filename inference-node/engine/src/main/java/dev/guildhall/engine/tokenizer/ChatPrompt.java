package dev.guildhall.engine.tokenizer;

/**
 * A conversation ready for the model's answer.
 *
 * @param opensReasoning the prompt ends within thoughts, which the answer goes on with
 */
@SuppressWarnings("ArrayRecordComponent") // handed on at once
public record ChatPrompt(int[] tokens, boolean opensReasoning) {}
