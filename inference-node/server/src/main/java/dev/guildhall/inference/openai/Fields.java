package dev.guildhall.inference.openai;

import dev.guildhall.inference.problem.ApiException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.DoublePredicate;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** The fields of a JSON object that a caller sent. A wrong one is refused with its name, its value and what is allowed. */
final class Fields {

    private static final int SHOWN_CHARACTERS_MAX = 200;

    private final JsonNode object;
    private final String place; // with the dot that separates it from names

    private Fields(JsonNode object, String place) {
        this.object = object;
        this.place = place;
    }

    /** Those of a request's body. */
    static Fields of(JsonNode body) {
        if (!body.isObject()) {
            throw ApiException.badRequest("malformed-request", "body", "the body is no JSON object");
        }
        return new Fields(body, "");
    }

    /** Those of an object within it, {@code place} its path. */
    static Fields of(JsonNode node, String place) {
        if (!node.isObject()) {
            throw refusal(place, node, "an object");
        }
        return new Fields(node, place + ".");
    }

    /** As if it were not there: null. */
    @Nullable
    JsonNode find(String name) {
        JsonNode value = object.get(name);
        return value == null || value.isNull() ? null : value;
    }

    JsonNode json() {
        return object;
    }

    /** The name from the body on. */
    String path(String name) {
        return place + name;
    }

    boolean has(String name) {
        return find(name) != null;
    }

    Optional<Fields> object(String name) {
        JsonNode value = find(name);
        return value == null ? Optional.empty() : Optional.of(of(value, place + name));
    }

    int integer(String name, int min, int max, int absent) {
        JsonNode value = find(name);
        if (value == null) {
            return absent;
        }
        if (!value.isIntegralNumber() || !value.canConvertToInt() || value.intValue() < min || value.intValue() > max) {
            throw refusal(
                    name,
                    max == Integer.MAX_VALUE
                            ? "a whole number from %,d".formatted(min)
                            : "a whole number from %,d to %,d".formatted(min, max));
        }
        return value.intValue();
    }

    long wholeNumber(String name, long absent) {
        JsonNode value = find(name);
        if (value == null) {
            return absent;
        }
        if (!value.isIntegralNumber() || !value.canConvertToLong()) {
            throw refusal(name, "a whole number of 64 bits");
        }
        return value.longValue();
    }

    double number(String name, double min, double max, double absent) {
        return number(
                name, value -> value >= min && value <= max, "a number from %.0f to %.0f".formatted(min, max), absent);
    }

    double number(String name, DoublePredicate allowed, String range, double absent) {
        JsonNode value = find(name);
        if (value == null) {
            return absent;
        }
        if (!value.isNumber() || !allowed.test(value.doubleValue())) {
            throw refusal(name, range);
        }
        return value.doubleValue();
    }

    boolean flag(String name, boolean absent) {
        JsonNode value = find(name);
        if (value != null && !value.isBoolean()) {
            throw refusal(name, "true or false");
        }
        return value == null ? absent : value.booleanValue();
    }

    Optional<String> text(String name) {
        JsonNode value = find(name);
        if (value != null && !value.isString()) {
            throw refusal(name, "a text");
        }
        return value == null ? Optional.empty() : Optional.of(value.stringValue());
    }

    /** A text that is one of few; {@code absent} when it is not there. */
    String oneOf(String name, Set<String> allowed, String absent) {
        String text = text(name).orElse(absent);
        if (!allowed.contains(text)) {
            throw refusal(
                    name,
                    "one of " + String.join(", ", allowed.stream().sorted().toList()));
        }
        return text;
    }

    /** A list of at most so many elements; empty when it is not there. */
    List<JsonNode> list(String name, int elementsMax) {
        JsonNode value = find(name);
        if (value == null) {
            return List.of();
        }
        if (!value.isArray() || value.size() > elementsMax) {
            String count = value.isArray() ? "has %,d elements".formatted(value.size()) : "is no list";
            throw ApiException.badRequest(
                    "value-invalid",
                    place + name,
                    "%s%s %s; allowed is a list of up to %,d".formatted(place, name, count, elementsMax));
        }
        return new ArrayList<>(value.values());
    }

    List<String> texts(String name, int elementsMax) {
        List<String> texts = new ArrayList<>();
        for (JsonNode element : list(name, elementsMax)) {
            if (!element.isString()) {
                throw refusal(name, "a list of texts");
            }
            texts.add(element.stringValue());
        }
        return texts;
    }

    /** The field cannot be had here, whatever its value. */
    void refuse(String name, String reason) {
        if (has(name)) {
            throw ApiException.badRequest("unsupported", place + name, "%s%s %s".formatted(place, name, reason));
        }
    }

    ApiException refusal(String name, String allowed) {
        JsonNode value = object.get(name);
        return refusal(place + name, value, allowed);
    }

    static ApiException refusal(String path, @Nullable JsonNode value, String allowed) {
        if (value == null) {
            return ApiException.badRequest("value-missing", path, "%s is missing; it is %s".formatted(path, allowed));
        }
        String shown = value.toString();
        if (shown.length() > SHOWN_CHARACTERS_MAX) {
            shown = shown.substring(0, SHOWN_CHARACTERS_MAX) + "…";
        }
        return ApiException.badRequest(
                "value-invalid", path, "%s is %s; allowed is %s".formatted(path, shown, allowed));
    }
}
