package dev.guildhall.engine.generation.grammar;

import static dev.guildhall.engine.generation.grammar.Expression.UNBOUNDED;
import static dev.guildhall.engine.generation.grammar.Expression.choice;
import static dev.guildhall.engine.generation.grammar.Expression.sequence;
import static dev.guildhall.engine.generation.grammar.Expression.text;

import dev.guildhall.engine.generation.grammar.Expression.Reference;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.StringNode;

/**
 * Turns a JSON schema into a grammar of answers that are valid against it. The grammar may allow less than the schema
 * (properties come in the schema's order, undeclared ones not at all), never more: a keyword that cannot be kept is
 * refused by name.
 */
final class SchemaCompiler {

    private static final int DEPTH_MAX = 64;
    private static final int SCHEMAS_MAX = 5_000;
    private static final int ENUM_VALUES_MAX = 2_000;
    private static final int PROPERTIES_MAX = 250;
    private static final int COUNT_MAX = 1_000_000;

    private static final Set<String> ANNOTATIONS = Set.of(
            "$schema",
            "$id",
            "$comment",
            "$defs",
            "definitions",
            "title",
            "description",
            "default",
            "examples",
            "deprecated",
            "readOnly",
            "writeOnly");
    private static final Set<String> OBJECT_KEYWORDS = Set.of("properties", "required", "additionalProperties");
    private static final Set<String> ARRAY_KEYWORDS = Set.of("items", "minItems", "maxItems", "uniqueItems");
    private static final Set<String> STRING_KEYWORDS = Set.of("minLength", "maxLength", "format");
    private static final Set<String> NUMBER_KEYWORDS =
            Set.of("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "format");
    private static final List<String> TYPES =
            List.of("object", "array", "string", "integer", "number", "boolean", "null");

    private final JsonNode root;
    private final Map<String, Reference> references = new LinkedHashMap<>();
    private int schemas;

    private SchemaCompiler(JsonNode root) {
        this.root = root;
    }

    static Expression compile(JsonNode schema) {
        SchemaCompiler compiler = new SchemaCompiler(schema);
        Expression grammar = compiler.schema(schema, "#", 0);
        refuseEmptyRecursion(grammar, new HashSet<>(), new HashSet<>());
        compiler.references
                .values()
                .forEach(reference -> refuseEmptyRecursion(reference, new HashSet<>(), new HashSet<>()));
        return grammar;
    }

    private Expression schema(JsonNode schema, String place, int depth) {
        if (depth > DEPTH_MAX) {
            throw new SchemaException("the schema nests deeper than %d levels at %s".formatted(DEPTH_MAX, place));
        }
        if (++schemas > SCHEMAS_MAX) {
            throw new SchemaException("the schema has more than %,d parts".formatted(SCHEMAS_MAX));
        }
        if (schema.isBoolean()) {
            if (!schema.booleanValue()) {
                throw new SchemaException("%s is false: no value can be valid".formatted(place));
            }
            return Json.VALUE;
        }
        if (!schema.isObject()) {
            throw new SchemaException("%s is %s; a schema is an object or true".formatted(place, schema));
        }
        if (schema.has("$ref")) {
            allowOnly(schema, place, "$ref", Set.of());
            return reference(schema.get("$ref"), place, depth);
        }
        if (schema.has("anyOf")) {
            allowOnly(schema, place, "anyOf", Set.of());
            return anyOf(schema.get("anyOf"), place + "/anyOf", depth);
        }
        if (schema.has("allOf")) {
            allowOnly(schema, place, "allOf", Set.of());
            JsonNode all = schema.get("allOf");
            if (!all.isArray() || all.size() != 1) {
                throw new SchemaException("%s: allOf is supported with exactly one schema in it".formatted(place));
            }
            return schema(all.get(0), place + "/allOf/0", depth + 1);
        }
        if (schema.has("const")) {
            allowOnly(schema, place, "const", Set.of("type"));
            return values(List.of(schema.get("const")), schema, place);
        }
        if (schema.has("enum")) {
            allowOnly(schema, place, "enum", Set.of("type"));
            JsonNode listed = schema.get("enum");
            if (!listed.isArray() || listed.isEmpty() || listed.size() > ENUM_VALUES_MAX) {
                throw new SchemaException(
                        "%s: enum must be an array of 1 to %,d values".formatted(place, ENUM_VALUES_MAX));
            }
            return values(new ArrayList<>(listed.values()), schema, place);
        }
        return typed(schema, place, depth);
    }

    private Expression typed(JsonNode schema, String place, int depth) {
        List<String> types = types(schema, place);
        Set<String> keywords = new HashSet<>();
        List<Expression> options = new ArrayList<>();
        for (String type : types) {
            options.add(
                    switch (type) {
                        case "object" -> {
                            keywords.addAll(OBJECT_KEYWORDS);
                            yield object(schema, place, depth);
                        }
                        case "array" -> {
                            keywords.addAll(ARRAY_KEYWORDS);
                            yield array(schema, place, depth);
                        }
                        case "string" -> {
                            keywords.addAll(STRING_KEYWORDS);
                            yield string(schema, place);
                        }
                        case "integer" -> {
                            keywords.addAll(NUMBER_KEYWORDS);
                            yield integer(schema, place);
                        }
                        case "number" -> {
                            keywords.addAll(NUMBER_KEYWORDS);
                            yield number(schema, place);
                        }
                        case "boolean" -> Json.BOOLEAN;
                        case "null" -> Json.NULL;
                        default ->
                            throw new SchemaException("%s: type \"%s\" is unknown; types are %s"
                                    .formatted(place, type, String.join(", ", TYPES)));
                    });
        }
        allowOnly(schema, place, "type", keywords);
        return choice(options);
    }

    private static List<String> types(JsonNode schema, String place) {
        JsonNode type = schema.get("type");
        if (type == null) {
            if (schema.has("properties") || schema.has("required") || schema.has("additionalProperties")) {
                return List.of("object");
            }
            if (schema.has("items") || schema.has("minItems") || schema.has("maxItems")) {
                return List.of("array");
            }
            if (schema.has("minLength") || schema.has("maxLength")) {
                return List.of("string");
            }
            // A number is an integer as well; named once, or each would be two ways to the same answer.
            return List.of("object", "array", "string", "number", "boolean", "null");
        }
        List<String> types = new ArrayList<>();
        for (JsonNode name : type.isArray() ? type.values() : List.of(type)) {
            if (!name.isString()) {
                throw new SchemaException(
                        "%s: type is %s; it must be a name or a list of names".formatted(place, type));
            }
            types.add(name.stringValue());
        }
        if (types.isEmpty()) {
            throw new SchemaException("%s: type is an empty list".formatted(place));
        }
        if (types.contains("number")) {
            types.remove("integer");
        }
        return types.stream().distinct().toList();
    }

    private static void allowOnly(JsonNode schema, String place, String subject, Set<String> keywords) {
        for (String keyword : schema.propertyNames()) {
            if (!keyword.equals(subject) && !keywords.contains(keyword) && !ANNOTATIONS.contains(keyword)) {
                throw new SchemaException("%s: the keyword %s is not supported%s"
                        .formatted(place, keyword, schema.has(subject) ? " beside %s".formatted(subject) : " here"));
            }
        }
    }

    private Expression reference(JsonNode ref, String place, int depth) {
        if (!ref.isString()
                || !(ref.stringValue().equals("#") || ref.stringValue().startsWith("#/"))) {
            throw new SchemaException(
                    "%s: $ref is %s; it must point into the same schema, as #/$defs/name does".formatted(place, ref));
        }
        String pointer = ref.stringValue();
        Reference known = references.get(pointer);
        if (known != null) {
            return known;
        }
        JsonNode target = root.at(pointer.substring(1));
        if (target.isMissingNode()) {
            throw new SchemaException("%s: $ref %s points to nothing".formatted(place, pointer));
        }
        Reference reference = new Reference();
        references.put(pointer, reference);
        reference.set(schema(target, pointer, depth + 1));
        return reference;
    }

    private Expression anyOf(JsonNode options, String place, int depth) {
        if (!options.isArray() || options.isEmpty()) {
            throw new SchemaException("%s must be a list of schemas".formatted(place));
        }
        List<Expression> expressions = new ArrayList<>();
        for (int i = 0; i < options.size(); i++) {
            expressions.add(schema(options.get(i), place + "/" + i, depth + 1));
        }
        return choice(expressions);
    }

    private static Expression values(List<JsonNode> values, JsonNode schema, String place) {
        List<String> types = schema.has("type") ? types(schema, place) : TYPES;
        Set<String> texts = new LinkedHashSet<>();
        for (JsonNode value : values) {
            if (types.stream().anyMatch(type -> isOfType(value, type))) {
                texts.add(value.toString());
            }
        }
        if (texts.isEmpty()) {
            throw new SchemaException("%s: no listed value is of type %s".formatted(place, schema.get("type")));
        }
        return choice(texts.stream().map(Expression::text).toList());
    }

    private static boolean isOfType(JsonNode value, String type) {
        return switch (type) {
            case "object" -> value.isObject();
            case "array" -> value.isArray();
            case "string" -> value.isString();
            case "integer" -> value.isIntegralNumber();
            case "number" -> value.isNumber();
            case "boolean" -> value.isBoolean();
            case "null" -> value.isNull();
            default -> throw new SchemaException("type \"%s\" is unknown".formatted(type));
        };
    }

    private Expression object(JsonNode schema, String place, int depth) {
        Map<String, Expression> properties = new LinkedHashMap<>();
        JsonNode declared = schema.path("properties");
        if (!declared.isMissingNode() && !declared.isObject()) {
            throw new SchemaException("%s: properties is no object".formatted(place));
        }
        for (Map.Entry<String, JsonNode> property : declared.properties()) {
            String name = property.getKey();
            properties.put(name, schema(property.getValue(), place + "/properties/" + name, depth + 1));
        }
        Set<String> required = new LinkedHashSet<>();
        for (JsonNode name : schema.path("required").values()) {
            if (!name.isString()) {
                throw new SchemaException("%s: required lists %s, which is no name".formatted(place, name));
            }
            required.add(name.stringValue());
        }
        JsonNode additional = schema.path("additionalProperties");
        for (String name : required) {
            if (!properties.containsKey(name)) {
                if (additional.isBoolean() && !additional.booleanValue()) {
                    throw new SchemaException("%s: \"%s\" is required, but neither declared nor allowed as additional"
                            .formatted(place, name));
                }
                properties.put(
                        name,
                        additional.isMissingNode()
                                ? Json.VALUE
                                : schema(additional, place + "/additionalProperties", depth + 1));
            }
        }
        if (properties.size() > PROPERTIES_MAX) {
            throw new SchemaException("%s has %,d properties; at most %d are supported"
                    .formatted(place, properties.size(), PROPERTIES_MAX));
        }
        if (!properties.isEmpty()) {
            return sequence(text("{"), members(properties, required));
        }
        if (additional.isBoolean() && !additional.booleanValue()) {
            return text("{}");
        }
        return additional.isMissingNode() || additional.isBoolean()
                ? Json.OBJECT
                : Json.map(schema(additional, place + "/additionalProperties", depth + 1));
    }

    /** The members in order, built from the last one back, once for "nothing came before" and once for the rest. */
    private static Expression members(Map<String, Expression> properties, Set<String> required) {
        Expression whenFirst = text("}");
        Expression whenLater = text("}");
        for (Map.Entry<String, Expression> property : new ArrayList<>(properties.entrySet()).reversed()) {
            Expression member = sequence(text(quoted(property.getKey())), Json.COLON, property.getValue(), whenLater);
            Expression laterMember = sequence(Json.COMMA, member);
            boolean isRequired = required.contains(property.getKey());
            whenFirst = isRequired ? member : choice(member, whenFirst);
            whenLater = isRequired ? laterMember : choice(laterMember, whenLater);
        }
        return whenFirst;
    }

    private static String quoted(String name) {
        return StringNode.valueOf(name).toString();
    }

    private Expression array(JsonNode schema, String place, int depth) {
        if (schema.path("uniqueItems").asBoolean(false)) {
            throw new SchemaException("%s: the keyword uniqueItems is not supported".formatted(place));
        }
        int min = count(schema, "minItems", place, 0);
        int max = count(schema, "maxItems", place, UNBOUNDED);
        if (min > max) {
            throw new SchemaException("%s: minItems %d is above maxItems %d".formatted(place, min, max));
        }
        JsonNode items = schema.path("items");
        Expression item = max == 0 || items.isMissingNode() ? Json.VALUE : schema(items, place + "/items", depth + 1);
        return Json.array(item, min, max);
    }

    private static Expression string(JsonNode schema, String place) {
        int min = count(schema, "minLength", place, 0);
        int max = count(schema, "maxLength", place, UNBOUNDED);
        if (min > max) {
            throw new SchemaException("%s: minLength %d is above maxLength %d".formatted(place, min, max));
        }
        JsonNode format = schema.get("format");
        if (format == null) {
            return Json.string(min, max);
        }
        if (schema.has("minLength") || schema.has("maxLength")) {
            throw new SchemaException("%s: minLength and maxLength are not supported beside format".formatted(place));
        }
        return StringFormats.named(format.asString(""))
                .orElseThrow(() -> new SchemaException("%s: format %s is not supported; formats are %s"
                        .formatted(place, format, String.join(", ", StringFormats.names()))));
    }

    private static int count(JsonNode schema, String keyword, String place, int absent) {
        JsonNode count = schema.get(keyword);
        if (count == null) {
            return absent;
        }
        if (!count.isIntegralNumber()
                || !count.canConvertToInt()
                || count.intValue() < 0
                || count.intValue() > COUNT_MAX) {
            throw new SchemaException("%s: %s is %s; it must be a whole number from 0 to %,d"
                    .formatted(place, keyword, count, COUNT_MAX));
        }
        return count.intValue();
    }

    private static Expression integer(JsonNode schema, String place) {
        long limit = switch (schema.path("format").asString("")) {
            case "", "int64" -> Json.INTEGER_MAX;
            case "int32" -> Integer.MAX_VALUE;
            default ->
                throw new SchemaException(
                        "%s: format %s is not supported for integers".formatted(place, schema.get("format")));
        };
        long min = -limit;
        long max = limit;
        BigDecimal minimum = bound(schema, "minimum", place);
        BigDecimal maximum = bound(schema, "maximum", place);
        BigDecimal above = bound(schema, "exclusiveMinimum", place);
        BigDecimal below = bound(schema, "exclusiveMaximum", place);
        if (minimum != null) {
            min = Math.max(min, clamped(minimum.setScale(0, RoundingMode.CEILING)));
        }
        if (above != null) {
            min = Math.max(min, clamped(above.setScale(0, RoundingMode.FLOOR).add(BigDecimal.ONE)));
        }
        if (maximum != null) {
            max = Math.min(max, clamped(maximum.setScale(0, RoundingMode.FLOOR)));
        }
        if (below != null) {
            max = Math.min(max, clamped(below.setScale(0, RoundingMode.CEILING).subtract(BigDecimal.ONE)));
        }
        if (min > max) {
            throw new SchemaException("%s: no whole number lies within the bounds".formatted(place));
        }
        return Json.integers(min, max);
    }

    private static Expression number(JsonNode schema, String place) {
        String format = schema.path("format").asString("");
        if (!Set.of("", "float", "double").contains(format)) {
            throw new SchemaException("%s: format %s is not supported for numbers".formatted(place, format));
        }
        for (String keyword : List.of("exclusiveMinimum", "exclusiveMaximum")) {
            if (schema.has(keyword)) {
                throw new SchemaException(
                        "%s: the keyword %s is supported for integers only".formatted(place, keyword));
            }
        }
        BigDecimal minimum = bound(schema, "minimum", place);
        BigDecimal maximum = bound(schema, "maximum", place);
        if (minimum == null && maximum == null) {
            return Json.NUMBER;
        }
        // Rounded inwards: what is allowed stays valid.
        long min = minimum == null ? -Json.INTEGER_MAX : clamped(minimum.setScale(0, RoundingMode.CEILING));
        long max = maximum == null ? Json.INTEGER_MAX : clamped(maximum.setScale(0, RoundingMode.FLOOR));
        boolean whole = (minimum == null || minimum.stripTrailingZeros().scale() <= 0)
                && (maximum == null || maximum.stripTrailingZeros().scale() <= 0);
        if (!whole) {
            throw new SchemaException(
                    "%s: minimum and maximum of a number are supported as whole numbers only".formatted(place));
        }
        if (min > max) {
            throw new SchemaException("%s: minimum %d is above maximum %d".formatted(place, min, max));
        }
        return Json.decimals(min, max);
    }

    private static @Nullable BigDecimal bound(JsonNode schema, String keyword, String place) {
        JsonNode bound = schema.get(keyword);
        if (bound == null) {
            return null;
        }
        if (!bound.isNumber()) {
            throw new SchemaException("%s: %s is %s; it must be a number".formatted(place, keyword, bound));
        }
        return bound.decimalValue();
    }

    private static long clamped(BigDecimal bound) {
        BigDecimal limit = BigDecimal.valueOf(Json.INTEGER_MAX);
        return bound.min(limit).max(limit.negate()).longValueExact();
    }

    /** A reference that leads to itself before any byte would be unfolded for ever. */
    private static void refuseEmptyRecursion(Expression expression, Set<Reference> open, Set<Reference> closed) {
        switch (expression) {
            case Expression.Text _, Expression.OneOf _ -> {}
            case Expression.Sequence(List<Expression> parts) -> {
                for (Expression part : parts) {
                    refuseEmptyRecursion(part, open, closed);
                    if (!(part instanceof Expression.Repeat)) {
                        break;
                    }
                }
            }
            case Expression.Choice(List<Expression> options) ->
                options.forEach(option -> refuseEmptyRecursion(option, open, closed));
            case Expression.Repeat(Expression body, int _, int _) -> refuseEmptyRecursion(body, open, closed);
            case Reference reference -> {
                if (closed.contains(reference)) {
                    return;
                }
                if (!open.add(reference)) {
                    throw new SchemaException("the schema has a $ref that leads back to itself without any content");
                }
                refuseEmptyRecursion(reference.target(), open, closed);
                open.remove(reference);
                closed.add(reference);
            }
        }
    }
}
