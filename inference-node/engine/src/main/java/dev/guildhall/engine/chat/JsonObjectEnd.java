package dev.guildhall.engine.chat;

/** Finds where a JSON object ends while its text is still coming. */
final class JsonObjectEnd {

    /** Not there yet. */
    static final int AHEAD = -1;

    /** This is no object. */
    static final int NEVER = -2;

    private int position;
    private int depth;
    private boolean inString;
    private boolean escaped;

    /** @param start where the object begins, white space aside */
    JsonObjectEnd(int start) {
        position = start;
    }

    /** The place behind the object, {@link #AHEAD} or {@link #NEVER}. */
    int find(StringBuilder text) {
        for (; position < text.length(); position++) {
            char character = text.charAt(position);
            if (inString) {
                inString = escaped || character != '"';
                escaped = !escaped && character == '\\';
                continue;
            }
            switch (character) {
                case '"' -> inString = true;
                case '{', '[' -> depth++;
                case '}', ']' -> depth--;
                // JSON has it in strings alone: here begins the mark that ends a call, and the object is broken.
                case '<' -> {
                    return NEVER;
                }
                default -> {}
            }
            boolean opened = depth > 0;
            if (!opened && character == '}') {
                return ++position;
            }
            if (!opened && !Character.isWhitespace(character)) {
                return NEVER;
            }
        }
        return AHEAD;
    }
}
