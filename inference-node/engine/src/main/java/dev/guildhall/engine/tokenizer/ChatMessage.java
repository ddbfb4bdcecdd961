package dev.guildhall.engine.tokenizer;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One message of a conversation.
 *
 * @param role system, user, assistant or tool
 * @param content may be absent where the assistant only called tools
 * @param reasoning what the assistant thought before it answered
 * @param toolCalls calls that the assistant made, each as the chat API writes it, arguments as an object
 * @param toolCallId which call a tool's result answers
 * @param name who speaks, or which tool
 */
public record ChatMessage(
        String role,
        @Nullable String content,
        @Nullable String reasoning,
        List<Map<String, Object>> toolCalls,
        @Nullable String toolCallId,
        @Nullable String name) {

    public ChatMessage {
        toolCalls = List.copyOf(toolCalls);
    }

    private static ChatMessage of(String role, String content) {
        return new ChatMessage(role, content, null, List.of(), null, null);
    }

    public static ChatMessage system(String content) {
        return of("system", content);
    }

    public static ChatMessage user(String content) {
        return of("user", content);
    }

    public static ChatMessage assistant(String content) {
        return of("assistant", content);
    }

    public static ChatMessage tool(String content) {
        return of("tool", content);
    }
}
