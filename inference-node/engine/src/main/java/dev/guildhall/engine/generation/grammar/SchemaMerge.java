package dev.guildhall.engine.generation.grammar;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.BooleanNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Puts two schemas into one whose values are valid against both; {@code false} where there is no such value. */
final class SchemaMerge {

    private static final int DEPTH_MAX = 64;

    private final Function<JsonNode, JsonNode> resolver;

    /** @param resolver gives the schema that a {@code $ref} points to */
    SchemaMerge(Function<JsonNode, JsonNode> resolver) {
        this.resolver = resolver;
    }

    JsonNode merge(JsonNode first, JsonNode second, String place) {
        return merge(first, second, place, 0);
    }

    private JsonNode merge(JsonNode first, JsonNode second, String place, int depth) {
        if (depth > DEPTH_MAX) {
            throw new SchemaException(
                    "%s: schemas that are put together nest deeper than %d levels".formatted(place, DEPTH_MAX));
        }
        if (isFalse(first) || isFalse(second)) {
            return BooleanNode.FALSE;
        }
        if (saysNothing(first)) {
            return second;
        }
        if (saysNothing(second)) {
            return first;
        }
        if (!first.isObject() || !second.isObject()) {
            throw new SchemaException(
                    "%s is %s; a schema is an object or true".formatted(place, first.isObject() ? second : first));
        }
        if (first.has("$ref")) {
            return merge(resolved(first, place, depth), second, place, depth + 1);
        }
        if (second.has("$ref")) {
            return merge(first, resolved(second, place, depth), place, depth + 1);
        }
        ObjectNode merged = ((ObjectNode) first).deepCopy();
        for (Map.Entry<String, JsonNode> keyword : second.properties()) {
            String name = keyword.getKey();
            JsonNode known = first.get(name);
            JsonNode value = known == null || SchemaCompiler.ANNOTATIONS.contains(name)
                    ? keyword.getValue()
                    : both(name, known, keyword.getValue(), place, depth);
            merged.set(name, value);
        }
        narrowProperties(merged, first, second, place, depth);
        narrowProperties(merged, second, first, place, depth);
        boolean impossible = isEmptyArray(merged.get("type")) || isEmptyArray(merged.get("enum"));
        return impossible ? BooleanNode.FALSE : merged;
    }

    private JsonNode resolved(JsonNode schema, String place, int depth) {
        ObjectNode siblings = ((ObjectNode) schema).deepCopy();
        JsonNode target = resolver.apply(siblings.remove("$ref"));
        return merge(target, siblings, place, depth + 1);
    }

    private static boolean isFalse(JsonNode schema) {
        return schema.isBoolean() && !schema.booleanValue();
    }

    private static boolean saysNothing(JsonNode schema) {
        return schema.isBoolean()
                || (schema.isObject()
                        && schema.propertyNames().stream().allMatch(SchemaCompiler.ANNOTATIONS::contains));
    }

    private static boolean isEmptyArray(@Nullable JsonNode value) {
        return value != null && value.isArray() && value.isEmpty();
    }

    private JsonNode both(String keyword, JsonNode first, JsonNode second, String place, int depth) {
        if (first.equals(second)) {
            return first;
        }
        return switch (keyword) {
            case "type" -> commonTypes(first, second);
            case "enum" -> common(first, second);
            case "required" -> union(first, second);
            case "properties" -> {
                ObjectNode merged = objectOf(first, place, keyword);
                for (Map.Entry<String, JsonNode> property :
                        objectOf(second, place, keyword).properties()) {
                    String name = property.getKey();
                    JsonNode known = merged.get(name);
                    merged.set(
                            name,
                            known == null
                                    ? property.getValue()
                                    : merge(known, property.getValue(), place + "/properties/" + name, depth + 1));
                }
                yield merged;
            }
            case "items", "additionalProperties" -> merge(first, second, place + "/" + keyword, depth + 1);
            case "minimum", "exclusiveMinimum", "minLength", "minItems" ->
                number(first, place, keyword).compareTo(number(second, place, keyword)) >= 0 ? first : second;
            case "maximum", "exclusiveMaximum", "maxLength", "maxItems" ->
                number(first, place, keyword).compareTo(number(second, place, keyword)) <= 0 ? first : second;
            case "allOf" -> union(first, second);
            default ->
                throw new SchemaException(
                        "%s: two schemas that must both hold have different values of %s, which is not supported"
                                .formatted(place, keyword));
        };
    }

    /** What {@code other} says of names that {@code schema} does not declare must be valid as an additional property. */
    private void narrowProperties(ObjectNode merged, JsonNode schema, JsonNode other, String place, int depth) {
        JsonNode additional = schema.get("additionalProperties");
        if (additional == null || !(merged.get("properties") instanceof ObjectNode properties)) {
            return;
        }
        for (String name : other.path("properties").propertyNames()) {
            if (!schema.path("properties").has(name)) {
                JsonNode narrowed =
                        merge(other.path("properties").get(name), additional, place + "/properties/" + name, depth + 1);
                properties.set(name, narrowed);
            }
        }
    }

    private static ObjectNode objectOf(JsonNode node, String place, String keyword) {
        if (node instanceof ObjectNode object) {
            return object.deepCopy();
        }
        throw new SchemaException("%s: %s is no object".formatted(place, keyword));
    }

    private static BigDecimal number(JsonNode node, String place, String keyword) {
        if (!node.isNumber()) {
            throw new SchemaException("%s: %s is %s; it must be a number".formatted(place, keyword, node));
        }
        return node.decimalValue();
    }

    private static JsonNode commonTypes(JsonNode first, JsonNode second) {
        List<JsonNode> ones = elements(first);
        List<JsonNode> others = elements(second);
        ArrayNode common = JsonNodeFactory.instance.arrayNode();
        for (JsonNode type : ones) {
            if (others.contains(type)) {
                common.add(type);
            } else if ((has(others, "integer") && type.asString("").equals("number"))
                    || (has(others, "number") && type.asString("").equals("integer"))) {
                common.add("integer");
            }
        }
        return common;
    }

    private static boolean has(List<JsonNode> types, String name) {
        return types.stream().anyMatch(type -> type.asString("").equals(name));
    }

    private static List<JsonNode> elements(JsonNode node) {
        return node.isArray() ? new ArrayList<>(node.values()) : List.of(node);
    }

    private static JsonNode common(JsonNode first, JsonNode second) {
        List<JsonNode> others = elements(second);
        ArrayNode common = JsonNodeFactory.instance.arrayNode();
        elements(first).stream().filter(others::contains).forEach(common::add);
        return common;
    }

    private static JsonNode union(JsonNode first, JsonNode second) {
        Set<JsonNode> all = new LinkedHashSet<>(elements(first));
        all.addAll(elements(second));
        ArrayNode union = JsonNodeFactory.instance.arrayNode();
        all.forEach(union::add);
        return union;
    }
}
