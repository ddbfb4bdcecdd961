package dev.guildhall.engine.model;

/**
 * A mixture of experts: feed-forward blocks of which a router chooses a few for each token.
 *
 * @param count experts of a layer
 * @param perToken experts that a token goes to
 * @param size elements between the two halves of one expert
 * @param sharedSize the same of the expert that every token goes to; 0 when there is none
 * @param renormalized whether the weights of the chosen are brought to a sum of 1
 */
public record Experts(int count, int perToken, int size, int sharedSize, boolean renormalized) {}
