package dev.guildhall.engine.generation.grammar;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.DecimalNode;

/** Tells whether no value can be valid against both of two schemas; false where that is not plain to see. */
final class SchemaDisjunction {

    private static final int REFERENCES_MAX = 64;
    private static final int DEPTH_MAX = 4;

    private final UnaryOperator<JsonNode> resolver;

    /** @param resolver gives the schema that a {@code $ref} points to */
    SchemaDisjunction(UnaryOperator<JsonNode> resolver) {
        this.resolver = resolver;
    }

    boolean areDisjoint(JsonNode one, JsonNode other) {
        return areDisjoint(one, other, 0);
    }

    private boolean areDisjoint(JsonNode one, JsonNode other, int depth) {
        if (depth > DEPTH_MAX) {
            return false;
        }
        JsonNode first = resolved(one);
        JsonNode second = resolved(other);
        Set<JsonNode> values = values(first);
        Set<JsonNode> otherValues = values(second);
        if (values != null && otherValues != null) {
            return values.stream().noneMatch(otherValues::contains);
        }
        Set<String> types = types(first, values);
        Set<String> otherTypes = types(second, otherValues);
        if (types != null && otherTypes != null && types.stream().noneMatch(otherTypes::contains)) {
            return true;
        }
        boolean bothObjects = Set.of("object").equals(types) && Set.of("object").equals(otherTypes);
        return bothObjects
                && (areToldApart(first, second, depth) || lacksRequired(first, second) || lacksRequired(second, first));
    }

    /** A property that both must have, with different values. */
    private boolean areToldApart(JsonNode first, JsonNode second, int depth) {
        return required(first).stream()
                .filter(required(second)::contains)
                .anyMatch(name -> first.path("properties").has(name)
                        && second.path("properties").has(name)
                        && areDisjoint(
                                first.path("properties").get(name),
                                second.path("properties").get(name),
                                depth + 1));
    }

    /** A property that {@code second} must have and {@code first} cannot. */
    private static boolean lacksRequired(JsonNode first, JsonNode second) {
        JsonNode additional = first.path("additionalProperties");
        return additional.isBoolean()
                && !additional.booleanValue()
                && required(second).stream()
                        .anyMatch(name -> !first.path("properties").has(name));
    }

    private JsonNode resolved(JsonNode schema) {
        JsonNode resolved = schema;
        for (int i = 0; i < REFERENCES_MAX && resolved.has("$ref"); i++) {
            resolved = resolver.apply(resolved.get("$ref"));
        }
        return resolved;
    }

    private static Set<String> required(JsonNode schema) {
        Set<String> names = new HashSet<>();
        schema.path("required").values().forEach(name -> names.add(name.asString("")));
        return names;
    }

    private static @Nullable Set<JsonNode> values(JsonNode schema) {
        if (!schema.has("const") && !schema.path("enum").isArray()) {
            return null;
        }
        Set<JsonNode> values = new HashSet<>();
        for (JsonNode value : schema.has("const")
                ? List.of(schema.get("const"))
                : schema.get("enum").values()) {
            if (value.isContainer()) {
                return null;
            }
            // 1 and 1.0 are the same value.
            values.add(
                    value.isNumber() ? DecimalNode.valueOf(value.decimalValue().stripTrailingZeros()) : value);
        }
        return values;
    }

    private static @Nullable Set<String> types(JsonNode schema, @Nullable Set<JsonNode> values) {
        Set<String> types = new HashSet<>();
        if (values != null) {
            values.forEach(value -> types.add(typeOf(value)));
            return types;
        }
        JsonNode type = schema.get("type");
        if (type == null) {
            return schema.has("properties") ? Set.of("object") : null;
        }
        for (JsonNode name : type.isArray() ? type.values() : List.of(type)) {
            types.add(name.asString("").equals("integer") ? "number" : name.asString(""));
        }
        return types;
    }

    private static String typeOf(JsonNode value) {
        return value.isString() ? "string" : value.isNumber() ? "number" : value.isBoolean() ? "boolean" : "null";
    }
}
