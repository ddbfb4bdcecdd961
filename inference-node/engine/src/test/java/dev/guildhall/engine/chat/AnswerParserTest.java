package dev.guildhall.engine.chat;

import static org.assertj.core.api.Assertions.assertThat;

import dev.guildhall.engine.chat.ChatEvent.Content;
import dev.guildhall.engine.chat.ChatEvent.Reasoning;
import dev.guildhall.engine.chat.ChatEvent.ToolCall;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class AnswerParserTest {

    private static final ChatFormat HERMES = ChatFormat.of("{{ '<tool_call>' }}");
    private static final ChatFormat THINKING = ChatFormat.of("{{ '<tool_call>' }}{{ '</think>' }}");
    private static final ChatFormat XML = ChatFormat.of("{{ '<tool_call>' }}{{ '<function=' }}");
    private static final ChatFormat LLAMA = ChatFormat.of("{{ '<|start_header_id|>' }}{{ tools }}");
    private static final ChatFormat KIMI = ChatFormat.of("{{ '<|tool_call_argument_begin|>' }}");

    private static final List<Map<String, Object>> TOOLS = List.of(
            tool("search", Map.of("query", Map.of("type", "string"))),
            tool(
                    "edit",
                    Map.of(
                            "path", Map.of("type", "string"),
                            "line", Map.of("type", "integer"),
                            "ratio", Map.of("type", "number"),
                            "force", Map.of("type", "boolean"),
                            "note", Map.of("type", List.of("string", "null")),
                            "lines", Map.of("type", "array", "items", Map.of("type", "integer")),
                            "options", Map.of("anyOf", List.of(Map.of("type", "object"), Map.of("type", "null"))),
                            "mode", Map.of("enum", List.of(1, 2)))));

    private static Map<String, Object> tool(String name, Map<String, Object> properties) {
        return Map.of(
                "type",
                "function",
                "function",
                Map.of("name", name, "parameters", Map.of("type", "object", "properties", properties)));
    }

    private static ToolCall call(int index, String name, String arguments) {
        return new ToolCall(index, "call_" + index, name, arguments);
    }

    private static Supplier<String> ids() {
        int[] count = {0};
        return () -> "call_" + count[0]++;
    }

    private static List<ChatEvent> parse(ChatFormat format, String... pieces) {
        return parse(format.parser(TOOLS, false, ids()), pieces);
    }

    private static List<ChatEvent> parse(AnswerParser parser, String... pieces) {
        List<ChatEvent> events = new ArrayList<>();
        for (String piece : pieces) {
            events.addAll(parser.accept(piece));
        }
        events.addAll(parser.finish());
        return joined(events);
    }

    private static List<ChatEvent> joined(List<ChatEvent> events) {
        List<ChatEvent> joined = new ArrayList<>();
        for (ChatEvent event : events) {
            ChatEvent before = joined.isEmpty() ? null : joined.getLast();
            if (event instanceof Content(String text) && before instanceof Content(String earlier)) {
                joined.set(joined.size() - 1, new Content(earlier + text));
            } else if (event instanceof Reasoning(String text) && before instanceof Reasoning(String earlier)) {
                joined.set(joined.size() - 1, new Reasoning(earlier + text));
            } else {
                joined.add(event);
            }
        }
        return joined;
    }

    @Test
    void readsHermesCalls() {
        assertThat(parse(HERMES, """
                        I look.
                        <tool_call>
                        {"name": "search", "arguments": {"query": "a </tool_call> \\"b\\" {"}}
                        </tool_call>
                        <tool_call>
                        {"arguments": {"n": 1.50, "list": [1, null]}, "name": "unheard_of"}
                        </tool_call>"""))
                .containsExactly(
                        new Content("I look."),
                        call(0, "search", "{\"query\":\"a </tool_call> \\\"b\\\" {\"}"),
                        call(1, "unheard_of", "{\"n\":1.50,\"list\":[1,null]}"));
    }

    @Test
    void readsHermesCallsThatAreWrittenLoosely() {
        assertThat(parse(HERMES, "<tool_call>{\"name\": \"search\", \"arguments\": \"{\\\"query\\\": \\\"x\\\"}\"}"))
                .as("arguments as a string, no end")
                .containsExactly(call(0, "search", "{\"query\":\"x\"}"));
        assertThat(parse(
                        HERMES,
                        "<tool_call>\n{\"name\": \"search\", \"arguments\": {\"query\": \"x\ny\"}}\n</tool_call>"))
                .as("a line feed in a string")
                .containsExactly(call(0, "search", "{\"query\":\"x\\ny\"}"));
        assertThat(parse(HERMES, "\n{\"name\": \"search\", \"arguments\": {\"query\": \"x\"}}\n"))
                .as("without marks")
                .containsExactly(call(0, "search", "{\"query\":\"x\"}"));
    }

    @Test
    void readsXmlCallsByTheToolsSchema() {
        assertThat(parse(XML, """
                        I edit.

                        <tool_call>
                        <function=edit>
                        <parameter=path>
                        42
                        </parameter>
                        <parameter=line>
                        42
                        </parameter>
                        <parameter=ratio>
                        1.5e3
                        </parameter>
                        <parameter=force>
                        True
                        </parameter>
                        <parameter=note>
                        null
                        </parameter>
                        <parameter=lines>
                        [1,
                         2]
                        </parameter>
                        <parameter=options>
                        {"a": {"b": "c"}}
                        </parameter>
                        <parameter=mode>
                        2
                        </parameter>
                        <parameter=undeclared>
                        7
                        </parameter>
                        </function>
                        </tool_call>
                        """))
                .containsExactly(
                        new Content("I edit."),
                        call(
                                0,
                                "edit",
                                "{\"path\":\"42\",\"line\":42,\"ratio\":1.5E+3,\"force\":true,\"note\":null,\"lines\":[1,2],"
                                        + "\"options\":{\"a\":{\"b\":\"c\"}},\"mode\":2,\"undeclared\":\"7\"}"));
    }

    @Test
    void keepsXmlValuesAsTheyStand() {
        String value = "  <a>\n\n\t</parameter> \"x\" \\n\n</tool_call>\n";
        assertThat(parse(
                        XML,
                        "<tool_call>\n<function=search>\n<parameter=query>\n" + value
                                + "\n</parameter>\n</function>\n</tool_call>"))
                .containsExactly(call(
                        0, "search", "{\"query\":\"  <a>\\n\\n\\t</parameter> \\\"x\\\" \\\\n\\n</tool_call>\\n\"}"));
    }

    @Test
    void readsXmlCallsThatAreWrittenLoosely() {
        String body = "<parameter=query>x</parameter></function>";
        assertThat(parse(
                        XML,
                        "I look.\n<function=search>" + body + "\n</tool_call>\n<tool_call><function=search>" + body))
                .as("without the first mark, and without the last")
                .containsExactly(
                        new Content("I look."),
                        call(0, "search", "{\"query\":\"x\"}"),
                        call(1, "search", "{\"query\":\"x\"}"));
        assertThat(parse(XML, "<tool_call>\n<function=search>\n</function>\n</tool_call>"))
                .containsExactly(call(0, "search", "{}"));
        assertThat(parse(XML, "<tool_call><function=edit><parameter=line>many</parameter></tool_call>"))
                .as("a value that is not of its type")
                .containsExactly(call(0, "edit", "{\"line\":\"many\"}"));
    }

    @Test
    void readsLlamaAndKimiCalls() {
        assertThat(parse(LLAMA, "{\"name\": \"search\", \"parameters\": {\"query\": \"x\"}}"))
                .containsExactly(call(0, "search", "{\"query\":\"x\"}"));
        assertThat(parse(LLAMA, "<|python_tag|>{\"name\": \"search\", \"parameters\": {\"query\": \"x\"}}"))
                .containsExactly(call(0, "search", "{\"query\":\"x\"}"));
        assertThat(parse(
                        KIMI,
                        "I look.<|tool_calls_section_begin|><|tool_call_begin|>functions.search:0"
                                + "<|tool_call_argument_begin|>{\"query\": \"x\"}<|tool_call_end|><|tool_call_begin|>functions.edit:1"
                                + "<|tool_call_argument_begin|>{}<|tool_call_end|><|tool_calls_section_end|>"))
                .containsExactly(
                        new Content("I look."),
                        new ToolCall(0, "functions.search:0", "search", "{\"query\":\"x\"}"),
                        new ToolCall(1, "functions.edit:1", "edit", "{}"));
    }

    @Test
    void tellsThoughtsFromContent() {
        String answer =
                "<think>\nWell…\n\n</think>\n\nYes.\n<tool_call>\n{\"name\": \"search\", \"arguments\": {}}\n</tool_call>";
        List<ChatEvent> expected = List.of(new Reasoning("Well…"), new Content("Yes."), call(0, "search", "{}"));
        assertThat(parse(THINKING, answer)).isEqualTo(expected);
        assertThat(parse(THINKING.parser(TOOLS, true, ids()), answer.substring(7)))
                .as("opened by the prompt")
                .isEqualTo(expected);
        assertThat(parse(THINKING, "<think>\n\n</think>\n\n  a <think> tag"))
                .containsExactly(new Content("  a <think> tag"));
        assertThat(parse(THINKING, "<think>never ends </thin")).containsExactly(new Reasoning("never ends </thin"));
    }

    @Test
    void leavesCallsAloneWhereThereAreNoTools() {
        String answer = "<tool_call>\n{\"name\": \"search\", \"arguments\": {}}\n</tool_call>\n";
        assertThat(parse(HERMES.parser(List.of(), false, ids()), answer)).containsExactly(new Content(answer));
    }

    static List<String> malformed() {
        return List.of(
                "Use the <tool_call> tag.",
                "<tool_call>",
                "<tool_call>\n{\"name\": \"search\", \"arguments\": {\"query\": }}\n</tool_call>",
                "<tool_call>\n{\"name\": \"search\", \"arguments\": {\"query\": \"x\"}\n</tool_call> and more",
                "<tool_call>\n{\"name\": \"search\", \"arguments\": {\"query\": \"x}}\n</tool_call>\n",
                "<tool_call>\n{\"name\": 5, \"arguments\": {}}\n</tool_call>",
                "<tool_call>\n{\"name\": \"search\", \"arguments\": [1]}\n</tool_call>",
                "<tool_call>\n<function=search>\n<parameter=query>\nx\n</parameter>",
                "<tool_call>\n<function=search>\nx\n</function>\n</tool_call>",
                "<tool_call>\n<function=\nsearch>",
                "call <function=unknown><parameter=a>1</parameter></function>",
                "{\"name\": \"unknown\", \"arguments\": {}}",
                "{\"answer\": 1}",
                "  {\"name\"",
                "<|python_tag|>search.call(query=\"x\")",
                "<|tool_call_begin|>functions.search:0<|tool_call_argument_begin|>{\"query\": <|tool_call_end|>",
                "a < b && c <tool",
                "  plain \n",
                "\n");
    }

    @ParameterizedTest
    @MethodSource("malformed")
    void losesNothingOfWhatIsNoCall(String answer) {
        for (ChatFormat format : List.of(HERMES, XML, LLAMA, KIMI, THINKING, ChatFormat.PLAIN)) {
            assertThat(parse(format, answer)).containsExactly(new Content(answer));
        }
    }

    @Test
    void findsTheCallBehindOneThatIsBroken() {
        String valid = "<tool_call>\n{\"name\": \"search\", \"arguments\": {}}\n</tool_call>";
        String broken = "<tool_call>\n{\"name\": \"search\", \"arguments\": {\"query\": \"x}}\n</tool_call>";
        assertThat(parse(HERMES, broken + "\n" + valid)).containsExactly(new Content(broken), call(0, "search", "{}"));
    }

    @Test
    void givesTheSameHoweverTheAnswerIsCut() {
        List<String> pieces = new ArrayList<>(malformed());
        pieces.addAll(List.of(
                "<think>\nhm ",
                "</think>\n\n",
                "<tool_call>\n{\"name\": \"search\", \"arguments\": {\"query\": \"</tool_call>\"}}\n</tool_call>",
                "<tool_call>\n<function=edit>\n<parameter=line>\n42\n</parameter>\n</function>\n</tool_call>",
                "<function=search><parameter=query>\n</parameter>\n\n</parameter></function>",
                "{\"name\": \"search\", \"parameters\": {\"query\": \"\\\"}\"}}",
                "<|tool_calls_section_begin|><|tool_call_begin|>functions.search:0<|tool_call_argument_begin|>{}<|tool_call_end|>",
                " \n ",
                "text 中文 😀"));
        Random random = new Random(5);
        int calls = 0;
        for (int round = 0; round < 8_000; round++) {
            StringBuilder answer = new StringBuilder();
            for (int i = random.nextInt(4); i >= 0; i--) {
                answer.append(pieces.get(random.nextInt(pieces.size())));
            }
            ChatFormat format = List.of(HERMES, XML, LLAMA, KIMI, THINKING).get(random.nextInt(5));
            boolean open = random.nextInt(4) == 0;
            List<ChatEvent> whole = parse(format.parser(TOOLS, open, ids()), answer.toString());
            List<ChatEvent> cut = parse(format.parser(TOOLS, open, ids()), cut(answer.toString(), random));
            List<ChatEvent> single =
                    parse(format.parser(TOOLS, open, ids()), answer.toString().split(""));
            assertThat(cut).as(answer.toString()).isEqualTo(whole);
            assertThat(single).as(answer.toString()).isEqualTo(whole);
            calls += (int) whole.stream().filter(ToolCall.class::isInstance).count();
        }
        assertThat(calls).isGreaterThan(500);
    }

    private static String[] cut(String text, Random random) {
        List<String> parts = new ArrayList<>();
        for (int start = 0; start < text.length(); ) {
            int end = Math.min(text.length(), start + 1 + random.nextInt(12));
            parts.add(text.substring(start, end));
            start = end;
        }
        return parts.toArray(String[]::new);
    }

    @Test
    void tellsTextAsSoonAsItIsSettled() {
        AnswerParser parser = HERMES.parser(TOOLS, false, ids());
        assertThat(parser.accept("Hello ")).containsExactly(new Content("Hello"));
        assertThat(parser.accept("you <to")).containsExactly(new Content(" you"));
        assertThat(parser.accept("ken>")).containsExactly(new Content(" <token>"));
    }

    @Test
    void readsLongCallsInLinearTime() {
        String value = "</parameter> <parameter> x\n".repeat(40_000);
        String answer = "<tool_call><function=search><parameter=query>" + value + "</parameter></function></tool_call>";
        long start = System.nanoTime();
        assertThat(parse(XML, answer.split("(?<=\\G.{4})"))).hasSize(1).first().isInstanceOf(ToolCall.class);
        assertThat(System.nanoTime() - start).isLessThan(10_000_000_000L);
    }

    @Test
    void takesACallOutOfACodeBlock() {
        String block = "```json\n{\"name\": \"search\", \"arguments\": {\"query\": \"x\"}}\n```";

        assertThat(parse(HERMES, block)).containsExactly(call(0, "search", "{\"query\":\"x\"}"));
        assertThat(parse(HERMES, block.split("(?<=.)"))).containsExactly(call(0, "search", "{\"query\":\"x\"}"));
        assertThat(parse(HERMES, block + "\n" + block))
                .containsExactly(call(0, "search", "{\"query\":\"x\"}"), call(1, "search", "{\"query\":\"x\"}"));
    }

    @Test
    void leavesOtherCodeBlocksAsTheyAre() {
        for (String text : List.of(
                "```json\n{\"name\": \"unknown\", \"arguments\": {}}\n```",
                "```json\n{\"severity\": \"high\"}\n```",
                "```java\nint a;\n```",
                "```json")) {
            assertThat(parse(HERMES, text)).containsExactly(new Content(text));
        }
    }
}
