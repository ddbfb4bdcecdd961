package dev.guildhall.engine.chat;

import java.math.BigDecimal;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** The tools of a request, with the schemas of their parameters. */
final class Tools {

    private static final int SCHEMA_DEPTH_MAX = 16;

    private final Map<String, JsonNode> schemas;

    private Tools(Map<String, JsonNode> schemas) {
        this.schemas = Collections.unmodifiableMap(schemas);
    }

    /** Takes them as the chat API has them, or bare functions. */
    static Tools of(List<Map<String, Object>> tools) {
        Map<String, JsonNode> schemas = new LinkedHashMap<>();
        for (Map<String, Object> tool : tools) {
            JsonNode json = LenientJson.of(tool);
            JsonNode function = json.has("function") ? json.get("function") : json;
            schemas.put(function.path("name").asString(""), function.path("parameters"));
        }
        return new Tools(schemas);
    }

    boolean isEmpty() {
        return schemas.isEmpty();
    }

    boolean has(String name) {
        return schemas.containsKey(name);
    }

    List<String> names() {
        return List.copyOf(schemas.keySet());
    }

    /** What the tool's arguments must be; any object where it does not say. */
    JsonNode schema(String tool) {
        JsonNode declared = schemas.get(tool);
        return declared != null && declared.isObject()
                ? declared
                : JsonNodeFactory.instance.objectNode().put("type", "object");
    }

    /** The types that a parameter may have; none where the tool does not say. */
    Set<String> types(String tool, String parameter) {
        JsonNode schema = schema(tool);
        Set<String> types = new TreeSet<>();
        addTypes(schema.path("properties").path(parameter), schema, types, 0);
        return types;
    }

    /** An object of values that were written as plain text, each with the type that the tool declares. */
    String arguments(String tool, Map<String, String> written) {
        ObjectNode arguments = JsonNodeFactory.instance.objectNode();
        written.forEach((name, value) -> arguments.set(name, coerced(value, types(tool, name))));
        return arguments.toString();
    }

    private static void addTypes(JsonNode schema, JsonNode root, Set<String> types, int depth) {
        if (depth > SCHEMA_DEPTH_MAX) {
            return;
        }
        JsonNode type = schema.path("type");
        if (type.isString()) {
            types.add(type.stringValue());
        }
        type.values().forEach(one -> types.add(one.asString("")));
        schema.path("enum").values().forEach(value -> types.add(typeOf(value)));
        if (schema.has("const")) {
            types.add(typeOf(schema.get("const")));
        }
        for (String keyword : List.of("anyOf", "oneOf", "allOf")) {
            schema.path(keyword).values().forEach(option -> addTypes(option, root, types, depth + 1));
        }
        String reference = schema.path("$ref").asString("");
        if (reference.startsWith("#/")) {
            addTypes(root.at(reference.substring(1)), root, types, depth + 1);
        }
        if (types.isEmpty() && schema.has("properties")) {
            types.add("object");
        }
        if (types.isEmpty() && schema.has("items")) {
            types.add("array");
        }
    }

    private static String typeOf(JsonNode value) {
        return value.isString()
                ? "string"
                : value.isBoolean()
                        ? "boolean"
                        : value.isNumber() ? "number" : value.isNull() ? "null" : value.isArray() ? "array" : "object";
    }

    /** The first type that the text can be; text that is none of them stays text, for the tool to refuse. */
    private static JsonNode coerced(String value, Set<String> types) {
        String bare = value.strip();
        JsonNodeFactory nodes = JsonNodeFactory.instance;
        // Python's words, since some templates write values as Python does.
        String word = bare.toLowerCase(Locale.ROOT);
        if (types.contains("null") && (word.equals("null") || word.equals("none"))) {
            return nodes.nullNode();
        }
        if (types.contains("boolean") && (word.equals("true") || word.equals("false"))) {
            return nodes.booleanNode(word.equals("true"));
        }
        if (types.contains("integer") || types.contains("number")) {
            Optional<JsonNode> number = LenientJson.parse(bare).filter(JsonNode::isNumber);
            if (number.isPresent() && (types.contains("number") || isWhole(number.get()))) {
                return types.contains("number")
                        ? number.get()
                        : nodes.numberNode(number.get().decimalValue().toBigInteger());
            }
        }
        if (types.contains("object") || types.contains("array")) {
            Optional<JsonNode> parsed = LenientJson.parse(bare)
                    .filter(json -> (json.isObject() && types.contains("object"))
                            || (json.isArray() && types.contains("array")));
            if (parsed.isPresent()) {
                return parsed.get();
            }
        }
        return nodes.stringNode(value);
    }

    private static boolean isWhole(JsonNode number) {
        BigDecimal value = number.decimalValue();
        // 1e999999999 is whole, but nobody wants its digits.
        return Math.abs((long) value.scale()) <= 400
                && value.stripTrailingZeros().scale() <= 0;
    }
}
