package dev.guildhall.inference.openai;

import dev.guildhall.engine.tokenizer.ChatMessage;
import dev.guildhall.inference.problem.ApiException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A conversation and the tools that belong to it, as the chat API writes them and as the engine wants them. */
final class Messages {

    private static final int MESSAGES_MAX = 2_000;
    private static final int CALLS_MAX = 128;
    private static final int TOOLS_MAX = 128;
    private static final Pattern TOOL_NAME = Pattern.compile("[A-Za-z0-9_.-]{1,64}");
    private static final Set<String> EFFORTS = Set.of("none", "minimal", "low", "medium", "high", "xhigh");
    private static final Set<String> ROLES = Set.of("system", "developer", "user", "assistant", "tool");

    private Messages() {}

    static List<ChatMessage> conversation(Fields fields) {
        List<JsonNode> messages = fields.list("messages", MESSAGES_MAX);
        if (messages.isEmpty()) {
            throw fields.refusal("messages", "a list of 1 to %,d messages".formatted(MESSAGES_MAX));
        }
        List<ChatMessage> conversation = new ArrayList<>();
        for (JsonNode message : messages) {
            conversation.add(message(Fields.of(message, "messages[%d]".formatted(conversation.size()))));
        }
        return conversation;
    }

    private static ChatMessage message(Fields message) {
        String text = text(message);
        return switch (message.oneOf("role", ROLES, "")) {
            case "system", "developer" -> ChatMessage.system(text);
            case "user" -> ChatMessage.user(text);
            case "tool" ->
                new ChatMessage(
                        "tool",
                        text,
                        null,
                        List.of(),
                        message.text("tool_call_id").orElse(null),
                        message.text("name").orElse(null));
            default ->
                new ChatMessage(
                        "assistant", text, message.text("reasoning_content").orElse(null), calls(message), null, null);
        };
    }

    private static String text(Fields message) {
        JsonNode content = message.find("content");
        if (content == null) {
            return "";
        }
        if (content.isString()) {
            return content.stringValue();
        }
        StringBuilder text = new StringBuilder();
        for (JsonNode part : content.isArray() ? content.values() : List.of(content)) {
            if (!part.path("type").asString("").equals("text")
                    || !part.path("text").isString()) {
                throw ApiException.badRequest(
                        "content-unsupported",
                        message.path("content"),
                        "content is a text, or a list of parts of type text; images and sound are not taken");
            }
            text.append(part.get("text").stringValue());
        }
        return text.toString();
    }

    /** Calls that the assistant made before, with their arguments as an object: templates write it themselves. */
    private static List<Map<String, Object>> calls(Fields message) {
        List<Map<String, Object>> calls = new ArrayList<>();
        for (JsonNode node : message.list("tool_calls", CALLS_MAX)) {
            String place = message.path("tool_calls[%d]".formatted(calls.size()));
            Fields function = Fields.of(node, place)
                    .object("function")
                    .orElseThrow(() -> Fields.refusal(place + ".function", null, "an object with name and arguments"));
            Map<String, Object> called = new LinkedHashMap<>();
            called.put(
                    "name",
                    function.text("name").orElseThrow(() -> function.refusal("name", "the name of a function")));
            called.put("arguments", arguments(function));
            Map<String, Object> call = new LinkedHashMap<>();
            call.put("id", node.path("id").asString(""));
            call.put("type", "function");
            call.put("function", called);
            calls.add(call);
        }
        return calls;
    }

    private static Object arguments(Fields function) {
        JsonNode arguments = function.find("arguments");
        if (arguments != null && arguments.isString()) {
            try {
                arguments = arguments.stringValue().isBlank()
                        ? null
                        : JsonMapper.shared().readTree(arguments.stringValue());
            } catch (JacksonException _) {
                throw function.refusal("arguments", "a JSON object, written as a text");
            }
        }
        Object plain = arguments == null ? null : plain(arguments);
        return plain == null ? Map.of() : plain;
    }

    /** Each as the chat API has it. */
    static List<Map<String, Object>> tools(Fields fields) {
        List<Map<String, Object>> tools = new ArrayList<>();
        for (JsonNode node : fields.list("tools", TOOLS_MAX)) {
            String place = "tools[%d]".formatted(tools.size());
            Fields tool = Fields.of(node, place);
            var _ = tool.oneOf("type", Set.of("function"), "");
            Fields function = tool.object("function")
                    .orElseThrow(() -> tool.refusal("function", "an object with name and parameters"));
            String name = function.text("name").orElse("");
            if (!TOOL_NAME.matcher(name).matches()) {
                throw function.refusal("name", "1 to 64 letters, digits, _, - and .");
            }
            var _ = function.text("description");
            var _ = function.object("parameters");
            tools.add(toMap(node));
        }
        return tools;
    }

    /** Further variables of the chat template, by name. */
    static Map<String, @Nullable Object> variables(Fields fields) {
        Map<String, @Nullable Object> variables = new LinkedHashMap<>();
        fields.object("chat_template_kwargs").ifPresent(given -> {
            var _ = given.flag("enable_thinking", true);
            variables.putAll(toMap(given.json()));
        });
        if (fields.oneOf("reasoning_effort", EFFORTS, "medium").equals("none")) {
            variables.putIfAbsent("enable_thinking", false);
        }
        return variables;
    }

    static String nameOf(Map<String, Object> tool) {
        return tool.get("function") instanceof Map<?, ?> function && function.get("name") instanceof String name
                ? name
                : "";
    }

    private static Map<String, Object> toMap(JsonNode object) {
        Map<String, Object> map = new LinkedHashMap<>();
        for (Map.Entry<String, JsonNode> entry : object.properties()) {
            Object value = plain(entry.getValue());
            if (value != null) {
                map.put(entry.getKey(), value);
            }
        }
        return map;
    }

    private static @Nullable Object plain(JsonNode node) {
        return JsonMapper.shared().convertValue(node, Object.class);
    }
}
