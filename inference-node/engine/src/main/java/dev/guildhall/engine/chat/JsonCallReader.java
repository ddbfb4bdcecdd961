package dev.guildhall.engine.chat;

import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Reads {@code {"name": …, "arguments": {…}}}. */
final class JsonCallReader implements CallReader {

    private static final String[] BARE_START = {"{", "\"name\"", ":", "\""};

    private final @Nullable Tools known;
    private final JsonObjectEnd end = new JsonObjectEnd(0);
    private boolean begunWell;

    /** @param known if given, only calls of these are calls: there is no other sign that it is one */
    JsonCallReader(@Nullable Tools known) {
        this.known = known;
        this.begunWell = known == null;
    }

    @Override
    public Outcome read(StringBuilder text, boolean last) {
        if (!begunWell) {
            int position = 0;
            for (String part : BARE_START) {
                position = CallReader.skipSpace(text, position);
                if (!CallReader.startsAt(text, position, part)) {
                    return CallReader.mayStartAt(text, position, part) ? CallReader.unfinished(last) : NO_CALL;
                }
                position += part.length();
            }
            begunWell = true;
        }
        int length = end.find(text);
        if (length == JsonObjectEnd.AHEAD) {
            return CallReader.unfinished(last);
        }
        return length == JsonObjectEnd.NEVER ? NO_CALL : call(text.substring(0, length));
    }

    private Outcome call(String json) {
        JsonNode call = LenientJson.parse(json).orElse(null);
        if (call == null || !call.path("name").isString()) {
            return NO_CALL;
        }
        String name = call.path("name").stringValue();
        if (name.isBlank() || (known != null && !known.has(name))) {
            return NO_CALL;
        }
        return arguments(call)
                .<Outcome>map(arguments -> new Call("", name, arguments.toString(), json.length()))
                .orElse(NO_CALL);
    }

    private Optional<JsonNode> arguments(JsonNode call) {
        JsonNode given = call.has("arguments") ? call.get("arguments") : call.path("parameters");
        if (given.isMissingNode()) {
            return known == null ? LenientJson.parse("{}") : Optional.empty();
        }
        // Some write the object as a string, as the chat API does.
        return (given.isString() ? LenientJson.parse(given.stringValue()) : Optional.of(given))
                .filter(JsonNode::isObject);
    }
}
