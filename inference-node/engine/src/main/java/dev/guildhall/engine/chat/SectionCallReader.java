package dev.guildhall.engine.chat;

import java.util.Optional;
import tools.jackson.databind.JsonNode;

/** Reads {@code functions.NAME:INDEX<|tool_call_argument_begin|>{…}}, which Kimi K2 writes. */
final class SectionCallReader implements CallReader {

    private static final int ID_CHARS_MAX = 300;
    private static final String PREFIX = "functions.";

    private String id = "";
    private int argumentsStart = -1;
    private JsonObjectEnd end = new JsonObjectEnd(0);

    @Override
    public Outcome read(StringBuilder text, boolean last) {
        if (argumentsStart < 0) {
            int mark = text.indexOf(Marks.SECTION_ARGUMENTS);
            if (mark < 0) {
                return text.length() > ID_CHARS_MAX ? NO_CALL : CallReader.unfinished(last);
            }
            id = text.substring(0, mark).strip();
            if (mark > ID_CHARS_MAX || name().isBlank()) {
                return NO_CALL;
            }
            argumentsStart = mark + Marks.SECTION_ARGUMENTS.length();
            end = new JsonObjectEnd(argumentsStart);
        }
        int length = end.find(text);
        if (length == JsonObjectEnd.AHEAD) {
            return CallReader.unfinished(last);
        }
        return (length == JsonObjectEnd.NEVER
                        ? Optional.<JsonNode>empty()
                        : LenientJson.parse(text.substring(argumentsStart, length)))
                .<Outcome>map(arguments -> new Call(id, name(), arguments.toString(), length))
                .orElse(NO_CALL);
    }

    private String name() {
        int colon = id.lastIndexOf(':');
        String qualified = colon < 0 ? id : id.substring(0, colon);
        return qualified.startsWith(PREFIX) ? qualified.substring(PREFIX.length()) : qualified;
    }
}
