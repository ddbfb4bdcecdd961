package dev.guildhall.engine.tokenizer;

import java.util.List;
import java.util.Map;

/**
 * One message of a conversation.
 *
 * @param role system, user, assistant or tool
 * @param toolCalls calls that the assistant made, each as the chat API writes it, arguments as an object
 */
public record ChatMessage(String role, String content, List<Map<String, Object>> toolCalls) {

    public ChatMessage {
        toolCalls = List.copyOf(toolCalls);
    }

    public static ChatMessage system(String content) {
        return new ChatMessage("system", content, List.of());
    }

    public static ChatMessage user(String content) {
        return new ChatMessage("user", content, List.of());
    }

    public static ChatMessage assistant(String content) {
        return new ChatMessage("assistant", content, List.of());
    }

    public static ChatMessage tool(String content) {
        return new ChatMessage("tool", content, List.of());
    }
}
