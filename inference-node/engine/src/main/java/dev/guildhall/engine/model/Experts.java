package dev.guildhall.engine.model;

/**
 * A mixture of experts: feed-forward blocks of which a router chooses a few for each token.
 *
 * @param count experts of a layer
 * @param perToken experts that a token goes to
 * @param size elements between the two halves of one expert
 * @param sharedSize the same of the expert that every token goes to; 0 when there is none
 * @param denseLayers first layers of the model, which have one block and no experts
 */
public record Experts(int count, int perToken, int size, int sharedSize, int denseLayers, Router router) {

    /**
     * How experts are chosen and what they count.
     *
     * @param groups of equally many experts; those with the best pair of experts stay in the running
     * @param groupsPerToken how many of the groups do
     * @param renormalized whether the weights of the chosen are brought to a sum of 1
     * @param scale of the weights, after that
     */
    public record Router(Scores scores, int groups, int groupsPerToken, boolean renormalized, double scale) {

        static Router softmax(boolean renormalized) {
            return new Router(Scores.SOFTMAX, 1, 1, renormalized, 1);
        }
    }

    /** What a router makes of its logits. */
    public enum Scores {
        /** Shares of all experts. */
        SOFTMAX,
        /** Each for itself; a bias may help an expert to be chosen without counting in its weight. */
        SIGMOID
    }
}
