package dev.guildhall.inference.openai;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import dev.guildhall.engine.generation.GenerationResult;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What goes back to the caller: at once, or in pieces. */
final class ChatAnswer {

    private ChatAnswer() {}

    record Whole(String id, String object, long created, String model, List<Choice> choices, Usage usage) {}

    record Choice(
            int index,
            Message message,
            @JsonProperty("finish_reason") String finishReason) {}

    record Message(String role, String content) {}

    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Piece(
            String id,
            String object,
            long created,
            String model,
            List<Delta> choices,
            @Nullable Usage usage) {}

    record Delta(
            int index,
            Content delta,
            @JsonProperty("finish_reason") @Nullable String finishReason) {}

    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Content(@Nullable String role, @Nullable String content) {}

    record Usage(
            @JsonProperty("prompt_tokens") int promptTokens,
            @JsonProperty("completion_tokens") int completionTokens,
            @JsonProperty("total_tokens") int totalTokens,
            @JsonProperty("prompt_tokens_details") PromptDetails promptDetails) {

        static Usage of(GenerationResult result) {
            int answer = result.tokens().size();
            return new Usage(
                    result.promptTokens(),
                    answer,
                    result.promptTokens() + answer,
                    new PromptDetails(result.cachedTokens()));
        }
    }

    record PromptDetails(@JsonProperty("cached_tokens") int cachedTokens) {}

    /** The identity that all pieces of an answer share. */
    record Head(String id, long created, String model) {

        Whole whole(GenerationResult result) {
            return new Whole(
                    id,
                    "chat.completion",
                    created,
                    model,
                    List.of(new Choice(0, new Message("assistant", result.text()), finishReason(result))),
                    Usage.of(result));
        }

        Piece first() {
            return piece(new Content("assistant", ""), null);
        }

        Piece text(String text) {
            return piece(new Content(null, text), null);
        }

        Piece last(GenerationResult result) {
            return piece(new Content(null, null), finishReason(result));
        }

        Piece usage(GenerationResult result) {
            return new Piece(id, "chat.completion.chunk", created, model, List.of(), Usage.of(result));
        }

        private Piece piece(Content content, @Nullable String finishReason) {
            return new Piece(
                    id, "chat.completion.chunk", created, model, List.of(new Delta(0, content, finishReason)), null);
        }

        private static String finishReason(GenerationResult result) {
            return result.finishReason().name().toLowerCase(Locale.ROOT);
        }
    }
}
