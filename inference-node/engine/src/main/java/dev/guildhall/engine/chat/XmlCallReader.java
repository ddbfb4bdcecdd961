package dev.guildhall.engine.chat;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Reads {@code <function=NAME><parameter=KEY>VALUE</parameter>…</function>}.
 *
 * <p>Values are raw text, so one may hold {@code </parameter>} itself: it ends at the first that the next parameter or the end of the
 * function follows.
 */
final class XmlCallReader implements CallReader {

    private static final int NAME_CHARS_MAX = 300;

    private enum Part {
        HEAD,
        NAME,
        BODY,
        KEY,
        VALUE
    }

    private final Tools known;
    private final boolean bare;
    private final Map<String, String> parameters = new LinkedHashMap<>();
    private Part part;
    private int position;
    private int searched;
    private String name = "";
    private String key = "";

    /** @param bare the text begins with the function's name, and only a known one makes it a call */
    XmlCallReader(Tools known, boolean bare) {
        this.known = known;
        this.bare = bare;
        this.part = bare ? Part.NAME : Part.HEAD;
    }

    @Override
    public Outcome read(StringBuilder text, boolean last) {
        Optional<Outcome> outcome = Optional.empty();
        while (outcome.isEmpty()) {
            outcome = switch (part) {
                case HEAD -> readHead(text, last);
                case NAME -> readName(text, last);
                case BODY -> readBody(text, last);
                case KEY -> readKey(text, last);
                case VALUE -> readValue(text, last);
            };
        }
        return outcome.get();
    }

    private Optional<Outcome> goOn(Part next, int nextPosition) {
        part = next;
        position = nextPosition;
        return Optional.empty();
    }

    private static Optional<Outcome> more(boolean last) {
        return Optional.of(CallReader.unfinished(last));
    }

    private static Optional<Outcome> none() {
        return Optional.of(NO_CALL);
    }

    private Optional<Outcome> readHead(StringBuilder text, boolean last) {
        position = CallReader.skipSpace(text, position);
        if (CallReader.startsAt(text, position, Marks.FUNCTION)) {
            return goOn(Part.NAME, position + Marks.FUNCTION.length());
        }
        return CallReader.mayStartAt(text, position, Marks.FUNCTION) ? more(last) : none();
    }

    private Optional<Outcome> readName(StringBuilder text, boolean last) {
        int end = text.indexOf(">", position);
        if (end < 0) {
            return text.length() - position > NAME_CHARS_MAX ? none() : more(last);
        }
        name = text.substring(position, end).strip();
        if (end - position > NAME_CHARS_MAX || !isName(name) || (bare && !known.has(name))) {
            return none();
        }
        return goOn(Part.BODY, end + 1);
    }

    private Optional<Outcome> readBody(StringBuilder text, boolean last) {
        position = CallReader.skipSpace(text, position);
        if (CallReader.startsAt(text, position, Marks.PARAMETER)) {
            return goOn(Part.KEY, position + Marks.PARAMETER.length());
        }
        if (CallReader.startsAt(text, position, Marks.FUNCTION_END)) {
            return call(position + Marks.FUNCTION_END.length());
        }
        if (CallReader.startsAt(text, position, Marks.CALL_END)) {
            return call(position);
        }
        return mayFollow(text, position) ? more(last) : none();
    }

    private Optional<Outcome> readKey(StringBuilder text, boolean last) {
        int end = text.indexOf(">", position);
        if (end < 0) {
            return text.length() - position > NAME_CHARS_MAX ? none() : more(last);
        }
        key = text.substring(position, end).strip();
        searched = end + 1;
        return end - position > NAME_CHARS_MAX || !isName(key) ? none() : goOn(Part.VALUE, end + 1);
    }

    private Optional<Outcome> readValue(StringBuilder text, boolean last) {
        for (int end = text.indexOf(Marks.PARAMETER_END, searched);
                end >= 0;
                end = text.indexOf(Marks.PARAMETER_END, end + 1)) {
            int next = CallReader.skipSpace(text, end + Marks.PARAMETER_END.length());
            if (follows(text, next)) {
                parameters.put(key, withoutFrame(text.substring(position, end)));
                return goOn(Part.BODY, next);
            }
            if (mayFollow(text, next)) {
                searched = end;
                return more(last);
            }
        }
        searched = Math.max(searched, text.length() - Marks.PARAMETER_END.length() + 1);
        return more(last);
    }

    private static boolean follows(StringBuilder text, int position) {
        return CallReader.startsAt(text, position, Marks.PARAMETER)
                || CallReader.startsAt(text, position, Marks.FUNCTION_END)
                || CallReader.startsAt(text, position, Marks.CALL_END);
    }

    private static boolean mayFollow(StringBuilder text, int position) {
        return CallReader.mayStartAt(text, position, Marks.PARAMETER)
                || CallReader.mayStartAt(text, position, Marks.FUNCTION_END)
                || CallReader.mayStartAt(text, position, Marks.CALL_END);
    }

    private static boolean isName(String name) {
        return !name.isEmpty() && name.indexOf('\n') < 0 && name.indexOf('<') < 0;
    }

    /** The template puts each value on lines of its own. */
    private static String withoutFrame(String value) {
        int start = value.startsWith("\r\n") ? 2 : value.startsWith("\n") ? 1 : 0;
        int end = value.length() - (value.endsWith("\r\n") ? 2 : value.endsWith("\n") ? 1 : 0);
        return start >= end ? "" : value.substring(start, end);
    }

    private Optional<Outcome> call(int length) {
        return Optional.of(new Call("", name, known.arguments(name, parameters), length));
    }
}
