package dev.guildhall.engine.chat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;

/** The XML dialect's calls as a regular expression, from behind {@code <function=} on. Parameters come in the order of the schema. */
final class XmlCallPattern {

    private static final String END = quoted(Marks.PARAMETER_END);
    private static final String TEXT = textWithout(Marks.PARAMETER_END);

    private XmlCallPattern() {}

    static String of(Tools tools) {
        return tools.names().stream()
                .map(name -> quoted(name) + ">\\n" + parameters(tools, name))
                .collect(Collectors.joining(
                        "|", "(?:", ")" + quoted(Marks.FUNCTION_END) + "\\n" + quoted(Marks.CALL_END)));
    }

    private static String parameters(Tools tools, String tool) {
        JsonNode schema = tools.schema(tool);
        Set<String> required = schema.path("required").values().stream()
                .map(name -> name.asString(""))
                .collect(Collectors.toSet());
        StringBuilder pattern = new StringBuilder();
        for (Map.Entry<String, JsonNode> property : schema.path("properties").properties()) {
            String one = quoted(Marks.PARAMETER + property.getKey()) + ">\\n"
                    + value(property.getValue(), tools.types(tool, property.getKey())) + "\\n" + END + "\\n";
            pattern.append(required.contains(property.getKey()) ? one : "(?:" + one + ")?");
        }
        return pattern.toString();
    }

    private static String value(JsonNode schema, Set<String> types) {
        JsonNode listed = schema.path("enum");
        if (!listed.isEmpty()) {
            List<String> options = new ArrayList<>();
            listed.values()
                    .forEach(option ->
                            options.add(quoted(option.isString() ? option.stringValue() : option.toString())));
            return "(?:" + String.join("|", options) + ")";
        }
        if (types.isEmpty() || types.contains("string") || types.contains("object") || types.contains("array")) {
            return TEXT;
        }
        List<String> options = new ArrayList<>();
        for (String type : types) {
            options.add(
                    switch (type) {
                        case "integer" -> "-?(?:0|[1-9][0-9]{0,15})";
                        case "number" -> "-?(?:0|[1-9][0-9]{0,15})(?:\\.[0-9]{1,15})?";
                        case "boolean" -> "true|false";
                        case "null" -> "null";
                        default -> TEXT;
                    });
        }
        return "(?:" + String.join("|", options) + ")";
    }

    /**
     * Any text that does not contain {@code word}, of which only the first character is {@code <}: characters other than that one, and
     * beginnings of the word that another beginning or a wrong character follows.
     */
    private static String textWithout(String word) {
        StringBuilder beginning = new StringBuilder();
        List<String> wrong = new ArrayList<>();
        for (int i = 1; i < word.length(); i++) {
            wrong.add(quoted(word.substring(0, i)) + "[^<" + quoted(word.substring(i, i + 1)) + "]");
        }
        for (int i = word.length() - 2; i > 0; i--) {
            beginning.insert(0, "(?:" + quoted(word.substring(i, i + 1))).append(")?");
        }
        String beginnings = "(?:<" + beginning + ")*";
        return "(?:[^<]|" + beginnings + "(?:" + String.join("|", wrong) + "))*" + beginnings;
    }

    private static String quoted(String text) {
        StringBuilder pattern = new StringBuilder();
        text.codePoints().forEach(character -> {
            if (character == '\n') {
                pattern.append("\\n");
                return;
            }
            if ("\\.[]{}()*+?^$|/-".indexOf(character) >= 0) {
                pattern.append('\\');
            }
            pattern.appendCodePoint(character);
        });
        return pattern.toString();
    }
}
