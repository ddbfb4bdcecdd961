package dev.guildhall.engine.chat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * How an answer is made to be a call of one of some tools: the prompt goes on with {@link #opening}, which the answer's parser hears
 * first, and what the model adds is held to the schema or the pattern.
 */
public final class ForcedCall {

    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_.-]{1,64}");

    private final String opening;
    private final @Nullable String schema;
    private final @Nullable String pattern;

    private ForcedCall(String opening, @Nullable String schema, @Nullable String pattern) {
        this.opening = opening;
        this.schema = schema;
        this.pattern = pattern;
    }

    /** Written by the program: names of control tokens in it are meant as such. */
    public String opening() {
        return opening;
    }

    /** What follows is valid against this JSON schema, and ends with it. */
    public Optional<String> jsonSchema() {
        return Optional.ofNullable(schema);
    }

    /**
     * What follows matches this regular expression as a whole. It has groups without capture, classes, alternatives, {@code ? * +} and
     * counts.
     */
    public Optional<String> pattern() {
        return Optional.ofNullable(pattern);
    }

    /** @throws IllegalArgumentException when a tool's name could be taken for something else */
    static ForcedCall of(ToolDialect dialect, Tools tools, boolean reasoningOpen) {
        for (String name : tools.names()) {
            if (!NAME.matcher(name).matches()) {
                throw new IllegalArgumentException(
                        "a tool is named \"%s\"; a name has 1 to 64 letters, digits, _, - and .".formatted(name));
            }
        }
        String before = reasoningOpen ? "\n" + Marks.THINK_END + "\n\n" : "";
        return switch (dialect) {
            case HERMES -> new ForcedCall(before + Marks.CALL + "\n", schema(tools, "arguments"), null);
            case LLAMA -> new ForcedCall(before, schema(tools, "parameters"), null);
            case XML -> new ForcedCall(before + Marks.CALL + "\n" + Marks.FUNCTION, null, XmlCallPattern.of(tools));
            case KIMI -> section(before + Marks.SECTION + Marks.SECTION_CALL + "functions.", tools);
            case NONE -> throw new IllegalArgumentException("the model's chat template has no tools");
        };
    }

    private static ForcedCall section(String before, Tools tools) {
        if (tools.names().size() > 1) {
            return new ForcedCall(before, null, null);
        }
        String name = tools.names().getFirst();
        return new ForcedCall(
                before + name + ":0" + Marks.SECTION_ARGUMENTS,
                tools.schema(name).toString(),
                null);
    }

    /** An object for each tool. References within a tool's schema are led to where it stands now. */
    private static String schema(Tools tools, String argumentsKey) {
        JsonNodeFactory nodes = JsonNodeFactory.instance;
        ObjectNode definitions = nodes.objectNode();
        ArrayNode calls = nodes.arrayNode();
        List<String> names = tools.names();
        for (int i = 0; i < names.size(); i++) {
            String place = "#/$defs/tool" + i;
            definitions.set("tool" + i, moved(tools.schema(names.get(i)), place));
            ObjectNode properties = nodes.objectNode();
            properties.putObject("name").put("const", names.get(i));
            properties.putObject(argumentsKey).put("$ref", place);
            ObjectNode call = calls.addObject();
            call.put("type", "object");
            call.set("properties", properties);
            call.putArray("required").add("name").add(argumentsKey);
            call.put("additionalProperties", false);
        }
        ObjectNode schema = nodes.objectNode();
        schema.set("anyOf", calls);
        schema.set("$defs", definitions);
        return schema.toString();
    }

    private static JsonNode moved(JsonNode schema, String place) {
        if (schema instanceof ObjectNode object) {
            ObjectNode copy = JsonNodeFactory.instance.objectNode();
            for (Map.Entry<String, JsonNode> member : object.properties()) {
                String reference =
                        member.getKey().equals("$ref") ? member.getValue().asString("") : "";
                copy.set(
                        member.getKey(),
                        reference.startsWith("#")
                                ? JsonNodeFactory.instance.stringNode(place + reference.substring(1))
                                : moved(member.getValue(), place));
            }
            return copy;
        }
        if (schema instanceof ArrayNode array) {
            List<JsonNode> copies = new ArrayList<>();
            array.values().forEach(element -> copies.add(moved(element, place)));
            return JsonNodeFactory.instance.arrayNode().addAll(copies);
        }
        return schema;
    }
}
