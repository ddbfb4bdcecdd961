package dev.guildhall.engine.generation.grammar;

import java.math.BigDecimal;
import java.util.List;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/** Checks a value against a schema as the standard's text says, with nothing of the code under test. */
final class SchemaValidator {

    private final JsonNode root;

    SchemaValidator(JsonNode root) {
        this.root = root;
    }

    boolean isValid(JsonNode value) {
        return isValid(root, value);
    }

    private boolean isValid(JsonNode schema, JsonNode value) {
        if (schema.isBoolean()) {
            return schema.booleanValue();
        }
        return schema.propertyStream().allMatch(keyword -> holds(schema, keyword.getKey(), keyword.getValue(), value));
    }

    private boolean holds(JsonNode schema, String keyword, JsonNode operand, JsonNode value) {
        return switch (keyword) {
            case "$ref" -> isValid(root.at(operand.stringValue().substring(1)), value);
            case "anyOf" -> operand.valueStream().anyMatch(option -> isValid(option, value));
            case "oneOf" ->
                operand.valueStream().filter(option -> isValid(option, value)).count() == 1;
            case "allOf" -> operand.valueStream().allMatch(part -> isValid(part, value));
            case "const" -> same(operand, value);
            case "enum" -> operand.valueStream().anyMatch(option -> same(option, value));
            case "type" ->
                (operand.isArray() ? operand.values() : List.of(operand))
                        .stream().anyMatch(type -> isOfType(type.stringValue(), value));
            case "minimum" -> !value.isNumber() || compare(value, operand) >= 0;
            case "maximum" -> !value.isNumber() || compare(value, operand) <= 0;
            case "exclusiveMinimum" -> !value.isNumber() || compare(value, operand) > 0;
            case "exclusiveMaximum" -> !value.isNumber() || compare(value, operand) < 0;
            case "minLength" -> !value.isString() || length(value) >= operand.intValue();
            case "maxLength" -> !value.isString() || length(value) <= operand.intValue();
            case "pattern" ->
                !value.isString()
                        || Pattern.compile(operand.stringValue())
                                .matcher(value.stringValue())
                                .find();
            case "minItems" -> !value.isArray() || value.size() >= operand.intValue();
            case "maxItems" -> !value.isArray() || value.size() <= operand.intValue();
            case "prefixItems" -> {
                boolean valid = true;
                for (int i = 0; value.isArray() && i < Math.min(operand.size(), value.size()); i++) {
                    valid &= isValid(operand.get(i), value.get(i));
                }
                yield valid;
            }
            case "items" ->
                !value.isArray()
                        || value.valueStream()
                                .skip(schema.path("prefixItems").size())
                                .allMatch(item -> isValid(operand, item));
            case "required" ->
                !value.isObject() || operand.valueStream().allMatch(name -> value.has(name.stringValue()));
            case "properties" ->
                operand.propertyStream()
                        .allMatch(property -> !value.has(property.getKey())
                                || isValid(property.getValue(), value.get(property.getKey())));
            case "additionalProperties" ->
                value.propertyStream()
                        .allMatch(property -> schema.path("properties").has(property.getKey())
                                || isValid(operand, property.getValue()));
            case "$defs" -> true;
            default -> throw new IllegalArgumentException("the validator does not know " + keyword);
        };
    }

    private static int length(JsonNode value) {
        return value.stringValue().codePointCount(0, value.stringValue().length());
    }

    private static int compare(JsonNode value, JsonNode bound) {
        // As a reader would have it that knows doubles only.
        return BigDecimal.valueOf(value.doubleValue()).compareTo(bound.decimalValue());
    }

    private static boolean same(JsonNode one, JsonNode other) {
        return (one.isNumber() && other.isNumber())
                ? one.decimalValue().compareTo(other.decimalValue()) == 0
                : one.equals(other);
    }

    private static boolean isOfType(String type, JsonNode value) {
        return switch (type) {
            case "object" -> value.isObject();
            case "array" -> value.isArray();
            case "string" -> value.isString();
            case "integer" -> value.isIntegralNumber();
            case "number" -> value.isNumber();
            case "boolean" -> value.isBoolean();
            default -> value.isNull();
        };
    }
}
