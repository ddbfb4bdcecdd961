package dev.guildhall.engine.chat;

/**
 * Reads one call. The text grows between reads and is never read twice, so that a long call takes linear time; what is decided depends on
 * the text alone and not on how it was cut.
 */
interface CallReader {

    /** @param last nothing comes after {@code text} */
    Outcome read(StringBuilder text, boolean last);

    /** What is known about the call. */
    sealed interface Outcome {}

    /** More text is needed. */
    record Unfinished() implements Outcome {}

    /** It is none. */
    record NoCall() implements Outcome {}

    /**
     * A call.
     *
     * @param id empty where the dialect has none
     * @param length characters that it takes
     */
    record Call(String id, String name, String arguments, int length) implements Outcome {}

    Outcome UNFINISHED = new Unfinished();
    Outcome NO_CALL = new NoCall();

    static Outcome unfinished(boolean last) {
        return last ? NO_CALL : UNFINISHED;
    }

    /** The first place at or after {@code position} that is no white space. */
    static int skipSpace(StringBuilder text, int position) {
        int at = position;
        while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
            at++;
        }
        return at;
    }

    static boolean startsAt(StringBuilder text, int position, String mark) {
        return matches(text, position, mark) == mark.length();
    }

    /** The text ends at or within the mark. */
    static boolean mayStartAt(StringBuilder text, int position, String mark) {
        int matched = matches(text, position, mark);
        return matched < mark.length() && position + matched == text.length();
    }

    private static int matches(StringBuilder text, int position, String mark) {
        int count = 0;
        while (count < mark.length()
                && position + count < text.length()
                && text.charAt(position + count) == mark.charAt(count)) {
            count++;
        }
        return count;
    }
}
