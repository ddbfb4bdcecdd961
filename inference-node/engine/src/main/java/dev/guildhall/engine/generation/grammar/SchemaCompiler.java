package dev.guildhall.engine.generation.grammar;

import static dev.guildhall.engine.generation.grammar.Expression.UNBOUNDED;
import static dev.guildhall.engine.generation.grammar.Expression.choice;
import static dev.guildhall.engine.generation.grammar.Expression.sequence;
import static dev.guildhall.engine.generation.grammar.Expression.text;

import dev.guildhall.engine.generation.grammar.Expression.Reference;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.BooleanNode;
import tools.jackson.databind.node.ObjectNode;
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
    private static final int BOUND_DIGITS_MAX = 30;

    static final Set<String> ANNOTATIONS = Set.of(
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
            "discriminator",
            "readOnly",
            "writeOnly");
    private static final Set<String> OBJECT_KEYWORDS = Set.of("properties", "required", "additionalProperties");
    private static final Set<String> ARRAY_KEYWORDS =
            Set.of("items", "prefixItems", "minItems", "maxItems", "uniqueItems");
    private static final Set<String> STRING_KEYWORDS = Set.of("minLength", "maxLength", "format", "pattern");
    private static final Set<String> NUMBER_KEYWORDS =
            Set.of("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "format");
    private static final List<String> TYPES =
            List.of("object", "array", "string", "integer", "number", "boolean", "null");

    private final JsonNode root;
    private final SchemaMerge merge;
    private final Map<String, Reference> references = new LinkedHashMap<>();
    private int schemas;

    private SchemaCompiler(JsonNode root) {
        this.root = root;
        this.merge = new SchemaMerge(ref -> target(ref, "$ref"));
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
        if (schema.has("allOf")) {
            return schema(allOf(schema, place), place, depth + 1);
        }
        if (schema.has("$ref")) {
            JsonNode siblings = without(schema, "$ref");
            if (siblings.propertyNames().stream().allMatch(ANNOTATIONS::contains)) {
                return reference(schema.get("$ref"), place, depth);
            }
            return schema(merge.merge(target(schema.get("$ref"), place), siblings, place), place, depth + 1);
        }
        for (String keyword : List.of("anyOf", "oneOf")) {
            if (schema.has(keyword)) {
                return anyOf(schema, keyword, place, depth);
            }
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
            if (schema.has("items") || schema.has("prefixItems") || schema.has("minItems") || schema.has("maxItems")) {
                return List.of("array");
            }
            if (schema.has("minLength") || schema.has("maxLength") || schema.has("pattern")) {
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

    /** The schema of {@code place} with the parts of its {@code allOf} put into it. */
    private JsonNode allOf(JsonNode schema, String place) {
        JsonNode merged = BooleanNode.TRUE;
        int index = 0;
        for (JsonNode part : listed(schema.get("allOf"), place + "/allOf")) {
            merged = merge.merge(merged, part, "%s/allOf/%d".formatted(place, index++));
        }
        merged = merge.merge(merged, without(schema, "allOf"), place);
        if (merged.isBoolean() && !merged.booleanValue()) {
            throw new SchemaException("%s: allOf contradicts itself: no value can be valid".formatted(place));
        }
        return merged;
    }

    private static JsonNode without(JsonNode schema, String keyword) {
        ObjectNode rest = ((ObjectNode) schema).deepCopy();
        rest.remove(keyword);
        return rest;
    }

    private static Collection<JsonNode> listed(JsonNode schemas, String place) {
        if (!schemas.isArray() || schemas.isEmpty()) {
            throw new SchemaException("%s must be a list of schemas".formatted(place));
        }
        return schemas.values();
    }

    private Expression reference(JsonNode ref, String place, int depth) {
        JsonNode target = target(ref, place);
        String pointer = ref.stringValue();
        Reference known = references.get(pointer);
        if (known != null) {
            return known;
        }
        Reference reference = new Reference();
        references.put(pointer, reference);
        reference.set(schema(target, pointer, depth + 1));
        return reference;
    }

    private JsonNode target(JsonNode ref, String place) {
        if (!ref.isString()
                || !(ref.stringValue().equals("#") || ref.stringValue().startsWith("#/"))) {
            throw new SchemaException(
                    "%s: $ref is %s; it must point into the same schema, as #/$defs/name does".formatted(place, ref));
        }
        JsonNode target = root.at(ref.stringValue().substring(1));
        if (target.isMissingNode()) {
            throw new SchemaException("%s: $ref %s points to nothing".formatted(place, ref.stringValue()));
        }
        return target;
    }

    /** One of several schemas, in each of which what stands beside them holds as well. */
    private Expression anyOf(JsonNode schema, String keyword, String place, int depth) {
        JsonNode beside = without(schema, keyword);
        List<Expression> expressions = new ArrayList<>();
        List<JsonNode> options = new ArrayList<>();
        int index = 0;
        for (JsonNode option : listed(schema.get(keyword), place + "/" + keyword)) {
            String optionPlace = "%s/%s/%d".formatted(place, keyword, index++);
            JsonNode merged = merge.merge(option, beside, optionPlace);
            if (!merged.isBoolean() || merged.booleanValue()) {
                options.add(merged);
                expressions.add(schema(merged, optionPlace, depth + 1));
            }
        }
        if (expressions.isEmpty()) {
            throw new SchemaException("%s/%s: no value can be valid".formatted(place, keyword));
        }
        if (keyword.equals("oneOf")) {
            refuseOverlap(options, place);
        }
        return choice(expressions);
    }

    /** With {@code oneOf} a value that two schemas allow is not valid, so no two may. */
    private void refuseOverlap(List<JsonNode> options, String place) {
        SchemaDisjunction disjunction = new SchemaDisjunction(ref -> target(ref, place));
        for (int i = 0; i < options.size(); i++) {
            for (int j = 0; j < i; j++) {
                if (!disjunction.areDisjoint(options.get(i), options.get(j))) {
                    throw new SchemaException(
                            ("%s: oneOf is supported where types or a required property with const or enum tell its"
                                            + " schemas apart; numbers %d and %d may overlap: use anyOf")
                                    .formatted(place, j, i));
                }
            }
        }
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
        return Expression.oneOfTexts(texts);
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
        Set<String> impossible = new HashSet<>();
        for (Map.Entry<String, JsonNode> property : declared.properties()) {
            String name = property.getKey();
            if (property.getValue().isBoolean() && !property.getValue().booleanValue()) {
                impossible.add(name);
            } else {
                properties.put(name, schema(property.getValue(), place + "/properties/" + name, depth + 1));
            }
        }
        JsonNode additional = schema.path("additionalProperties");
        boolean isClosed = additional.isBoolean() && !additional.booleanValue();
        // Undeclared names are written only where the schema says what for: by default nobody expects them.
        Expression other = additional.isMissingNode() || isClosed
                ? null
                : schema(additional, place + "/additionalProperties", depth + 1);
        Set<String> required = new LinkedHashSet<>();
        for (JsonNode node : schema.path("required").values()) {
            if (!node.isString()) {
                throw new SchemaException("%s: required lists %s, which is no name".formatted(place, node));
            }
            String name = node.stringValue();
            required.add(name);
            if (impossible.contains(name) || (isClosed && !properties.containsKey(name))) {
                throw new SchemaException("%s: \"%s\" is required, but neither declared nor allowed as additional"
                        .formatted(place, name));
            }
            properties.putIfAbsent(name, other == null ? Json.VALUE : other);
        }
        if (properties.size() > PROPERTIES_MAX) {
            throw new SchemaException("%s has %,d properties; at most %d are supported"
                    .formatted(place, properties.size(), PROPERTIES_MAX));
        }
        if (!properties.isEmpty()) {
            impossible.addAll(properties.keySet());
            return sequence(text("{"), members(properties, required, other, impossible));
        }
        if (isClosed) {
            return text("{}");
        }
        return other == null && impossible.isEmpty()
                ? Json.OBJECT
                : sequence(text("{"), members(properties, required, other, impossible));
    }

    /**
     * The members in order, built from the last one back, once for "nothing came before" and once for the rest.
     *
     * @param other what members of other names than {@code taken} hold; null where there are none
     */
    private static Expression members(
            Map<String, Expression> properties, Set<String> required, @Nullable Expression other, Set<String> taken) {
        Expression whenFirst = text("}");
        Expression whenLater = text("}");
        if (other != null) {
            Expression more = Json.entries(taken, other);
            whenFirst = choice(sequence(Json.otherName(taken), Json.COLON, other, more, text("}")), text("}"));
            whenLater = sequence(more, text("}"));
        }
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
        List<Expression> first = new ArrayList<>();
        if (schema.has("prefixItems")) {
            for (JsonNode item : listed(schema.get("prefixItems"), place + "/prefixItems")) {
                first.add(schema(item, "%s/prefixItems/%d".formatted(place, first.size()), depth + 1));
            }
        }
        JsonNode items = schema.path("items");
        if (items.isBoolean() && !items.booleanValue()) {
            max = Math.min(max, first.size());
            if (min > max) {
                throw new SchemaException(
                        "%s: minItems %d is above the %d items that there may be".formatted(place, min, max));
            }
        }
        boolean isFree = max <= first.size() || items.isMissingNode();
        Expression item = isFree ? Json.VALUE : schema(items, place + "/items", depth + 1);
        return first.isEmpty() ? Json.array(item, min, max) : Json.array(first, item, min, max);
    }

    private static Expression string(JsonNode schema, String place) {
        int min = count(schema, "minLength", place, 0);
        int max = count(schema, "maxLength", place, UNBOUNDED);
        if (min > max) {
            throw new SchemaException("%s: minLength %d is above maxLength %d".formatted(place, min, max));
        }
        JsonNode format = schema.get("format");
        JsonNode pattern = schema.get("pattern");
        if (format == null && pattern == null) {
            return Json.string(min, max);
        }
        if (format != null && pattern != null) {
            throw new SchemaException("%s: the keyword pattern is not supported beside format".formatted(place));
        }
        Regex regex = pattern == null ? format(format, place) : pattern(pattern, place);
        Expression content = regex.withLength(min, max, place).expression(Alphabet.JSON_STRING);
        return sequence(text("\""), content, text("\""));
    }

    private static Regex pattern(JsonNode pattern, String place) {
        if (!pattern.isString()) {
            throw new SchemaException("%s: pattern is %s; it must be a regular expression".formatted(place, pattern));
        }
        return RegexParser.within(pattern.stringValue(), place);
    }

    private static Regex format(JsonNode format, String place) {
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
        BigDecimal minimum = bound(schema, "minimum", place);
        BigDecimal maximum = bound(schema, "maximum", place);
        BigDecimal above = bound(schema, "exclusiveMinimum", place);
        BigDecimal below = bound(schema, "exclusiveMaximum", place);
        if (minimum == null && maximum == null && above == null && below == null) {
            return Json.NUMBER;
        }
        BigDecimal limit = BigDecimal.valueOf(Json.INTEGER_MAX);
        BigDecimal low = tighter(minimum, above, limit.negate(), 1);
        BigDecimal high = tighter(maximum, below, limit, -1);
        return Decimals.between(
                        new Decimals.Bound(low, isSame(low, above)), new Decimals.Bound(high, isSame(high, below)))
                .orElseThrow(() -> new SchemaException("%s: no number lies within the bounds".formatted(place)));
    }

    private static boolean isSame(BigDecimal one, @Nullable BigDecimal other) {
        return other != null && one.compareTo(other) == 0;
    }

    /** The innermost bound; {@code sign} is 1 for lower bounds and -1 for upper ones. */
    private static BigDecimal tighter(
            @Nullable BigDecimal included, @Nullable BigDecimal excluded, BigDecimal limit, int sign) {
        BigDecimal tightest = limit;
        if (included != null && included.compareTo(tightest) * sign > 0) {
            tightest = included;
        }
        if (excluded != null && excluded.compareTo(tightest) * sign >= 0) {
            tightest = excluded;
        }
        return tightest;
    }

    private static @Nullable BigDecimal bound(JsonNode schema, String keyword, String place) {
        JsonNode bound = schema.get(keyword);
        if (bound == null) {
            return null;
        }
        if (!bound.isNumber()) {
            throw new SchemaException("%s: %s is %s; it must be a number".formatted(place, keyword, bound));
        }
        BigDecimal value = bound.decimalValue();
        if (value.scale() > BOUND_DIGITS_MAX || value.precision() - value.scale() > 2 * BOUND_DIGITS_MAX) {
            throw new SchemaException("%s: %s is %s; bounds with up to %d digits after the point are supported"
                    .formatted(place, keyword, bound, BOUND_DIGITS_MAX));
        }
        return value;
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
