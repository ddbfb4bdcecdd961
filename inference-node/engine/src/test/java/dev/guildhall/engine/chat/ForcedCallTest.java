package dev.guildhall.engine.chat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class ForcedCallTest {

    private static final ChatFormat HERMES = ChatFormat.of("{{ '<tool_call>' }}");
    private static final ChatFormat XML = ChatFormat.of("{{ '<tool_call>' }}{{ '<function=' }}");

    private static Map<String, Object> tool(String name, String schema) {
        return Map.of(
                "type",
                "function",
                "function",
                Map.of("name", name, "parameters", JsonMapper.shared().readValue(schema, Map.class)));
    }

    private static final Map<String, Object> EDIT = tool("edit", """
            {"type": "object", "properties": {"path": {"type": "string"}, "line": {"type": "integer"}, "mode": {"enum": ["a.b", 2]}},
             "required": ["path"]}""");

    @Test
    void holdsHermesCallsToASchemaOfAllTools() {
        ForcedCall forced = HERMES.forcedCall(List.of(EDIT, tool("tree", """
                                {"type": "object", "properties": {"node": {"$ref": "#/$defs/node"}, "self": {"$ref": "#"}},
                                 "$defs": {"node": {"type": "object", "properties": {"next": {"$ref": "#/$defs/node"}}}}}""")), false);
        assertThat(forced.opening()).isEqualTo("<tool_call>\n");
        JsonNode schema = JsonMapper.shared().readTree(forced.jsonSchema().orElseThrow());
        assertThat(schema.at("/anyOf/1/properties/name/const").stringValue()).isEqualTo("tree");
        assertThat(schema.at("/anyOf/1/properties/arguments/$ref").stringValue())
                .isEqualTo("#/$defs/tool1");
        JsonNode tree = schema.at("/$defs/tool1");
        assertThat(tree.at("/properties/node/$ref").stringValue()).isEqualTo("#/$defs/tool1/$defs/node");
        assertThat(schema.at(tree.at("/properties/node/$ref").stringValue().substring(1))
                        .isObject())
                .isTrue();
        assertThat(tree.at("/properties/self/$ref").stringValue()).isEqualTo("#/$defs/tool1");
    }

    @Test
    void holdsXmlCallsToAPattern() {
        ForcedCall forced = XML.forcedCall(List.of(EDIT, tool("list", "{}")), false);
        assertThat(forced.opening()).isEqualTo("<tool_call>\n<function=");
        Pattern pattern = Pattern.compile(forced.pattern().orElseThrow());
        String end = "</function>\n</tool_call>";
        assertThat("list>\n" + end).matches(pattern);
        assertThat("edit>\n<parameter=path>\na <<</para </p> \n<b\n</parameter>\n" + end)
                .matches(pattern);
        assertThat("edit>\n<parameter=path>\nx</param<\n</parameter>\n<parameter=line>\n-12\n</parameter>\n"
                        + "<parameter=mode>\na.b\n</parameter>\n" + end)
                .matches(pattern);
        assertThat("edit>\n" + end).as("a required parameter is missing").doesNotMatch(pattern);
        assertThat("edit>\n<parameter=path>\nx\n</parameter>\n<parameter=line>\nx\n</parameter>\n" + end)
                .doesNotMatch(pattern);
        assertThat("edit>\n<parameter=path>\nx\n</parameter>\n<parameter=mode>\naxb\n</parameter>\n" + end)
                .doesNotMatch(pattern);
        assertThat("edit>\n<parameter=path>\nx\n</parameter>y\n</parameter>\n" + end)
                .doesNotMatch(pattern);
        assertThat("other>\n" + end).doesNotMatch(pattern);
    }

    @Test
    void leadsBackToACall() {
        ForcedCall forced = XML.forcedCall(List.of(EDIT), true);
        AnswerParser parser = ChatFormat.of("</think><function=").parser(List.of(EDIT), true, () -> "id");
        parser.accept(forced.opening());
        assertThat(parser.accept("edit>\n<parameter=path>\nx\n</parameter>\n</function>\n</tool_call>"))
                .containsExactly(new ChatEvent.ToolCall(0, "id", "edit", "{\"path\":\"x\"}"));
    }

    @Test
    void refusesNamesThatCouldBeMore() {
        assertThatThrownBy(() -> HERMES.forcedCall(List.of(tool("<|im_end|>", "{}")), false))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("a tool is named \"<|im_end|>\"");
        assertThatThrownBy(() -> ChatFormat.PLAIN.forcedCall(List.of(EDIT), false))
                .hasMessageContaining("has no tools");
    }
}
