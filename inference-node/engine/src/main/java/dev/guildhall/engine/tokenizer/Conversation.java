package dev.guildhall.engine.tokenizer;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a chat template is given.
 *
 * @param tools as the chat API has them
 * @param addGenerationPrompt the assistant's turn is opened at the end
 * @param variables further ones by name, such as {@code enable_thinking}
 */
public record Conversation(
        List<ChatMessage> messages,
        List<Map<String, Object>> tools,
        boolean addGenerationPrompt,
        Map<String, @Nullable Object> variables) {

    public Conversation {
        messages = List.copyOf(messages);
        tools = List.copyOf(tools);
        // Values may be null, which Map.copyOf refuses.
        variables = Collections.unmodifiableMap(new LinkedHashMap<>(variables));
    }

    public static Conversation of(List<ChatMessage> messages) {
        return new Conversation(messages, List.of(), true, Map.of());
    }

    public Conversation withTools(List<Map<String, Object>> toolList) {
        return new Conversation(messages, toolList, addGenerationPrompt, variables);
    }

    public Conversation withGenerationPrompt(boolean wanted) {
        return new Conversation(messages, tools, wanted, variables);
    }

    public Conversation withVariables(Map<String, @Nullable Object> further) {
        return new Conversation(messages, tools, addGenerationPrompt, further);
    }
}
