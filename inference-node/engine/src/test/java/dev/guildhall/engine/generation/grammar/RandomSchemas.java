package dev.guildhall.engine.generation.grammar;

import java.util.List;
import java.util.Random;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Schemas of all supported keywords, put together at random; each has values that are valid. */
final class RandomSchemas {

    private static final List<String> PATTERNS = List.of(
            "^[a-c]{2,5}$",
            "^(\\d+-)?[A-Z]\\w*$",
            "x|^y+$",
            "^[^\\s\"]{1,3}\\n?$",
            "^(a*b?)*c$",
            "é.é",
            "^(?:[0-9a-f]{2}:){2}[0-9a-f]{2}$",
            "\\.java$");
    private static final List<String> NAMES = List.of("a", "ab", "name", "naïve", "q\"uote", "line\n", "");

    private final Random random;
    private int depth;

    RandomSchemas(Random random) {
        this.random = random;
    }

    JsonNode next() {
        ObjectNode schema = object(0);
        ObjectNode definitions = schema.putObject("$defs");
        definitions.set("leaf", scalar());
        definitions.set("tree", JsonMapper.shared().readTree("""
                {"type": "object", "required": ["value"], "additionalProperties": false, "properties": {
                   "value": {"$ref": "#/$defs/leaf"}, "children": {"type": "array", "items": {"$ref": "#/$defs/tree"}, "maxItems": 2}}}"""));
        return schema;
    }

    private ObjectNode any(int level) {
        if (level > 2) {
            return scalar();
        }
        return switch (random.nextInt(10)) {
            case 0, 1 -> object(level);
            case 2, 3 -> array(level);
            case 4 -> node().put("$ref", random.nextBoolean() ? "#/$defs/leaf" : "#/$defs/tree");
            case 5 -> anyOf(level);
            case 6 -> allOf(level);
            case 7 -> oneOf(level);
            default -> scalar();
        };
    }

    private static ObjectNode node() {
        return JsonNodeFactory.instance.objectNode();
    }

    private ObjectNode object(int level) {
        ObjectNode schema = node().put("type", "object");
        ObjectNode properties = schema.putObject("properties");
        ArrayNode required = schema.putArray("required");
        for (String name : NAMES) {
            if (random.nextInt(3) == 0) {
                properties.set(name, any(level + 1));
                if (random.nextBoolean()) {
                    required.add(name);
                }
            }
        }
        switch (random.nextInt(4)) {
            case 0 -> schema.put("additionalProperties", false);
            case 1 -> schema.set("additionalProperties", scalar());
            case 2 -> schema.put("additionalProperties", true);
            default -> {}
        }
        return schema;
    }

    private ObjectNode array(int level) {
        ObjectNode schema = node().put("type", "array").put("maxItems", 1 + random.nextInt(3));
        schema.put("minItems", random.nextInt(2));
        schema.set("items", any(level + 1));
        if (random.nextInt(3) == 0) {
            schema.putArray("prefixItems").add(any(level + 1)).add(scalar());
        }
        return schema;
    }

    private ObjectNode anyOf(int level) {
        ObjectNode schema = node();
        schema.putArray("anyOf").add(any(level + 1)).add(scalar());
        return schema;
    }

    private ObjectNode oneOf(int level) {
        ObjectNode first = object(level + 1);
        ObjectNode second = object(level + 1);
        ((ObjectNode) first.get("properties")).putObject("kind").put("const", "first");
        ((ObjectNode) second.get("properties")).putObject("kind").put("const", "second");
        ((ArrayNode) first.get("required")).add("kind");
        ((ArrayNode) second.get("required")).add("kind");
        ObjectNode schema = node();
        schema.putArray("oneOf").add(first).add(second).addObject().put("type", "null");
        return schema;
    }

    private ObjectNode allOf(int level) {
        ObjectNode first = object(level + 1);
        first.remove("additionalProperties");
        ObjectNode second = node().put("type", "object");
        second.putObject("properties").set("own" + depth++, scalar());
        ObjectNode schema = node();
        schema.putArray("allOf").add(first).add(second);
        return schema;
    }

    private ObjectNode scalar() {
        ObjectNode schema = node();
        switch (random.nextInt(9)) {
            case 0 -> schema.put("type", "boolean");
            case 1 -> schema.put("const", "q\"\n\u00e9\ud83d\ude00");
            case 2 ->
                schema.putArray("enum")
                        .add(1)
                        .add("one")
                        .addNull()
                        .add(1.5)
                        .addArray()
                        .add(1);
            case 3 -> schema.put("type", "string").put("minLength", 1).put("maxLength", 1 + random.nextInt(6));
            case 4 -> schema.put("type", "string").put("pattern", PATTERNS.get(random.nextInt(PATTERNS.size())));
            case 5 -> {
                int low = random.nextInt(2_000) - 1_000;
                schema.put("type", "integer").put("minimum", low).put("maximum", low + random.nextInt(300));
            }
            case 6 -> {
                double low = (random.nextInt(4_000) - 2_000) / 100.0;
                schema.put("type", "number").put(random.nextBoolean() ? "minimum" : "exclusiveMinimum", low);
                schema.put(
                        random.nextBoolean() ? "maximum" : "exclusiveMaximum", low + (1 + random.nextInt(300)) / 100.0);
            }
            case 7 -> schema.putArray("type").add("null").add("number");
            default -> schema.put("type", "string").put("maxLength", 3);
        }
        return schema;
    }
}
