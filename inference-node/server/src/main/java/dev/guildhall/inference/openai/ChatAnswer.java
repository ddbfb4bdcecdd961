package dev.guildhall.inference.openai;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import dev.guildhall.engine.chat.AnswerParser;
import dev.guildhall.engine.chat.ChatEvent;
import dev.guildhall.engine.generation.GenerationResult;
import dev.guildhall.engine.generation.TokenLogprobs;
import dev.guildhall.engine.tokenizer.Tokenizer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** The answers to one request for chat: thoughts, content and tool calls, apart. */
final class ChatAnswer implements AnswerShape {

    record Whole(String id, String object, long created, String model, List<Choice> choices, Usage usage) {}

    record Choice(
            int index,
            Message message,
            @Nullable Logprobs logprobs,
            @JsonProperty("finish_reason") String finishReason) {}

    record Message(
            String role,
            @Nullable String content,

            @JsonInclude(JsonInclude.Include.NON_NULL) @JsonProperty("reasoning_content") @Nullable
            String reasoning,

            @JsonInclude(JsonInclude.Include.NON_EMPTY) @JsonProperty("tool_calls")
            List<Call> calls) {}

    /** @param index absent in a whole answer */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Call(@Nullable Integer index, String id, String type, Function function) {}

    record Function(String name, String arguments) {}

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

            @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable
            Logprobs logprobs,

            @JsonProperty("finish_reason") @Nullable String finishReason) {}

    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Content(
            @Nullable String role,
            @Nullable String content,
            @JsonProperty("reasoning_content") @Nullable String reasoning,
            @JsonProperty("tool_calls") @Nullable List<Call> calls) {}

    private static final Content NOTHING = new Content(null, null, null, null);

    private final AnswerHead head;
    private final Tokenizer tokenizer;
    private final List<Choosing> choices;

    ChatAnswer(AnswerHead head, ChatRequests.Chat chat, Tokenizer tokenizer) {
        this.head = head;
        this.tokenizer = tokenizer;
        this.choices = IntStream.range(0, chat.answerCount())
                .mapToObj(_ -> new Choosing(chat))
                .toList();
    }

    /** One answer as it comes. */
    private static final class Choosing {
        private final AnswerParser parser;
        private final List<ChatEvent> opened;
        private final StringBuilder reasoning = new StringBuilder();
        private boolean calls;

        Choosing(ChatRequests.Chat chat) {
            parser = chat.format()
                    .parser(
                            chat.tools(),
                            chat.reasoningOpen(),
                            () -> "call_" + UUID.randomUUID().toString().replace("-", ""));
            opened = chat.opening().isEmpty() ? List.of() : parser.accept(chat.opening());
        }

        List<ChatEvent> accept(String text) {
            return noted(parser.accept(text));
        }

        List<ChatEvent> finish() {
            return noted(parser.finish());
        }

        private List<ChatEvent> noted(List<ChatEvent> events) {
            for (ChatEvent event : events) {
                switch (event) {
                    case ChatEvent.Reasoning(String text) -> reasoning.append(text);
                    case ChatEvent.ToolCall _ -> calls = true;
                    case ChatEvent.Content _ -> {}
                }
            }
            return events;
        }
    }

    @Override
    public Object whole(List<GenerationResult> results) {
        List<Choice> finished = new ArrayList<>();
        for (int index = 0; index < results.size(); index++) {
            GenerationResult result = results.get(index);
            Choosing choosing = choices.get(index);
            List<ChatEvent> events = new ArrayList<>(choosing.opened);
            events.addAll(choosing.accept(result.text()));
            events.addAll(choosing.finish());
            finished.add(
                    new Choice(index, message(events), logprobs(result.logprobs()), finishReason(choosing, result)));
        }
        return new Whole(head.id(), "chat.completion", head.created(), head.model(), finished, usageOf(results));
    }

    private static Message message(List<ChatEvent> events) {
        StringBuilder content = new StringBuilder();
        StringBuilder reasoning = new StringBuilder();
        List<Call> calls = new ArrayList<>();
        for (ChatEvent event : events) {
            switch (event) {
                case ChatEvent.Content(String text) -> content.append(text);
                case ChatEvent.Reasoning(String text) -> reasoning.append(text);
                case ChatEvent.ToolCall call -> calls.add(call(call, null));
            }
        }
        boolean onlyCalls = content.isEmpty() && !calls.isEmpty();
        return new Message(
                "assistant",
                onlyCalls ? null : content.toString(),
                reasoning.isEmpty() ? null : reasoning.toString(),
                calls);
    }

    private static Call call(ChatEvent.ToolCall call, @Nullable Integer index) {
        return new Call(index, call.id(), "function", new Function(call.name(), call.arguments()));
    }

    @Override
    public List<Object> first() {
        return IntStream.range(0, choices.size())
                .mapToObj(index -> (Object) piece(index, new Content("assistant", "", null, null), null, null))
                .toList();
    }

    @Override
    public List<Object> more(int choice, String text, List<TokenLogprobs> logprobs) {
        return pieces(choice, choices.get(choice).accept(text), logprobs);
    }

    @Override
    public List<Object> last(int choice, GenerationResult result, List<TokenLogprobs> logprobs) {
        Choosing choosing = choices.get(choice);
        List<Object> pieces = new ArrayList<>(pieces(choice, choosing.finish(), logprobs));
        pieces.add(
                piece(choice, NOTHING, pieces.isEmpty() ? logprobs(logprobs) : null, finishReason(choosing, result)));
        return pieces;
    }

    private List<Object> pieces(int choice, List<ChatEvent> events, List<TokenLogprobs> logprobs) {
        List<Object> pieces = new ArrayList<>();
        for (ChatEvent event : events) {
            Content content = switch (event) {
                case ChatEvent.Content(String text) -> new Content(null, text, null, null);
                case ChatEvent.Reasoning(String text) -> new Content(null, null, text, null);
                case ChatEvent.ToolCall call -> new Content(null, null, null, List.of(call(call, call.index())));
            };
            pieces.add(piece(choice, content, pieces.isEmpty() ? logprobs(logprobs) : null, null));
        }
        if (pieces.isEmpty() && !logprobs.isEmpty()) {
            pieces.add(piece(choice, new Content(null, "", null, null), logprobs(logprobs), null));
        }
        return pieces;
    }

    private Piece piece(int choice, Content content, @Nullable Logprobs logprobs, @Nullable String finishReason) {
        return new Piece(
                head.id(),
                "chat.completion.chunk",
                head.created(),
                head.model(),
                List.of(new Delta(choice, content, logprobs, finishReason)),
                null);
    }

    @Override
    public Object usage(List<GenerationResult> results) {
        return new Piece(head.id(), "chat.completion.chunk", head.created(), head.model(), List.of(), usageOf(results));
    }

    /** Thoughts are counted by what their text encodes to. */
    private Usage usageOf(List<GenerationResult> results) {
        int reasoningTokens = choices.stream()
                .mapToInt(choosing -> tokenizer.encode(choosing.reasoning.toString()).length)
                .sum();
        return Usage.of(results, results.size(), new Usage.AnswerDetails(reasoningTokens));
    }

    private @Nullable Logprobs logprobs(List<TokenLogprobs> logprobs) {
        return logprobs.isEmpty() ? null : Logprobs.of(logprobs, tokenizer);
    }

    private static String finishReason(Choosing choosing, GenerationResult result) {
        return choosing.calls ? "tool_calls" : result.finishReason().name().toLowerCase(Locale.ROOT);
    }
}
