package dev.guildhall.indexer.chunk;

/**
 * Guesses from above how many tokens a WordPiece tokenizer such as that of the BERT family makes of code.
 *
 * <p>Such a tokenizer makes one token of each punctuation mark and cuts rare words, which identifiers are, into pieces
 * of about three letters. A chunk's size is bounded by this guess because the tokenizer itself lives behind the
 * embedding endpoint.
 */
public final class TokenEstimate {

    private static final int WHOLE_WORD_LENGTH_MAX = 4;
    private static final double WORD_PIECE_LENGTH = 3.2;

    private TokenEstimate() {}

    public static int of(CharSequence text) {
        int tokens = 0;
        int wordLength = 0;
        for (int index = 0; index < text.length(); index++) {
            char character = text.charAt(index);
            if (character < 128 && Character.isLetterOrDigit(character)) {
                wordLength++;
                continue;
            }
            tokens += wordTokens(wordLength);
            wordLength = 0;
            if (!Character.isWhitespace(character)) {
                tokens++;
            }
        }
        return tokens + wordTokens(wordLength);
    }

    /** The longest head of {@code text} whose estimate stays within {@code tokensMax}. */
    public static String head(String text, int tokensMax) {
        if (of(text) <= tokensMax) {
            return text;
        }
        int low = 0;
        int high = text.length();
        while (low < high) {
            int middle = (low + high + 1) / 2;
            if (of(text.substring(0, middle)) <= tokensMax) {
                low = middle;
            } else {
                high = middle - 1;
            }
        }
        int end = low > 0 && Character.isHighSurrogate(text.charAt(low - 1)) ? low - 1 : low;
        return text.substring(0, end);
    }

    private static int wordTokens(int length) {
        if (length == 0) {
            return 0;
        }
        return length <= WHOLE_WORD_LENGTH_MAX ? 1 : (int) Math.ceil(length / WORD_PIECE_LENGTH);
    }
}
