package dev.guildhall.inference.embedding;

import java.util.Arrays;

/** A model that makes vectors. Called by one thread at a time. */
interface Embedder extends AutoCloseable {

    /** Numbers of a whole vector. */
    int dimension();

    /** Whether the first numbers of a vector, scaled to length 1, are a vector too. */
    boolean shortens();

    /** Whether texts can be questions that come with an instruction. */
    boolean isInstructed();

    /** Most tokens that are read. */
    int tokensMax();

    /** The text's tokens, ends included; may be more than {@link #tokensMax}. */
    int[] tokens(String text);

    /** The tokens of a question, as the model was trained to see it; only where it {@link #isInstructed}. */
    int[] tokens(String instruction, String text);

    /** As many of the tokens as the model reads, the last still last. */
    default int[] truncated(int[] tokens) {
        if (tokens.length <= tokensMax()) {
            return tokens;
        }
        int[] window = Arrays.copyOf(tokens, tokensMax());
        window[window.length - 1] = tokens[tokens.length - 1];
        return window;
    }

    /** A vector of length 1, of {@link #dimension} numbers unless it {@link #shortens}. */
    float[] embed(int[] tokens, int dimensions);

    @Override
    void close();
}
