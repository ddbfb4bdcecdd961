package dev.guildhall.inference.openai;

import dev.guildhall.engine.chat.ChatFormat;
import dev.guildhall.engine.chat.ForcedCall;
import dev.guildhall.engine.generation.GenerationRequest;
import dev.guildhall.engine.generation.LanguageModel;
import dev.guildhall.engine.generation.TokenLogprobs;
import dev.guildhall.engine.generation.grammar.TokenConstraint;
import dev.guildhall.engine.tokenizer.ChatPrompt;
import dev.guildhall.engine.tokenizer.ChatTemplate;
import dev.guildhall.engine.tokenizer.ChatTemplateException;
import dev.guildhall.engine.tokenizer.Conversation;
import dev.guildhall.inference.problem.ApiException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import tools.jackson.databind.JsonNode;

/** Turns what a caller of the chat asks for into what the engine is asked for; refuses what it could not do. */
@Component
class ChatRequests {

    private final GenerationFields generation;

    ChatRequests(GenerationFields generation) {
        this.generation = generation;
    }

    /**
     * One request for chat.
     *
     * @param answerCount answers wanted
     * @param tools that the answer may call
     * @param opening what the prompt already wrote of the answer
     * @param reasoningOpen whether the prompt ends within thoughts
     */
    record Chat(
            GenerationRequest request,
            int answerCount,
            ChatFormat format,
            List<Map<String, Object>> tools,
            String opening,
            boolean reasoningOpen) {}

    Chat translate(Fields fields, LanguageModel model, String caller) {
        refuseUnsupported(fields);
        ChatTemplate template = template(model);
        List<Map<String, Object>> tools = Messages.tools(fields);
        String choice = toolChoice(fields, tools);
        if (choice.equals("none")) {
            tools = List.of();
        }
        ChatFormat format = template.format();
        if (!tools.isEmpty() && !format.callsTools()) {
            throw ApiException.badRequest(
                    "unsupported", "tools", "the model's chat template has no tools; leave tools out");
        }
        ChatPrompt conversation = prompt(fields, template, tools);
        int[] prompt = conversation.tokens();
        boolean reasoningOpen = conversation.opensReasoning();
        String opening = "";
        TokenConstraint constraint = AnswerForms.constraint(fields, model);
        if (!tools.isEmpty() && !choice.equals("auto")) {
            if (constraint != null) {
                throw ApiException.badRequest(
                        "value-invalid", "tool_choice", "tool_choice and response_format exclude each other");
            }
            ForcedCall call = format.forcedCall(
                    tools.stream()
                            .filter(tool -> choice.equals("required") || choice.equals(Messages.nameOf(tool)))
                            .toList(),
                    reasoningOpen);
            opening = call.opening();
            prompt = concat(prompt, model.tokenizer().encodeWithControlTokens(opening));
            constraint = constraint(call, model);
        }
        GenerationRequest request =
                generation.request(prompt, fields, model, caller).withConstraint(constraint);
        int topLogprobs = fields.integer("top_logprobs", 0, TokenLogprobs.TOP_MAX, 0);
        if (fields.flag("logprobs", false)) {
            request = request.withLogprobs(topLogprobs);
        } else if (topLogprobs > 0) {
            throw ApiException.badRequest(
                    "value-invalid", "top_logprobs", "top_logprobs is given without logprobs: set logprobs to true");
        }
        return new Chat(request, generation.answerCount(fields), format, tools, opening, reasoningOpen);
    }

    /** The conversation as the model sees it. */
    int[] prompt(Fields fields, LanguageModel model) {
        return prompt(fields, template(model), Messages.tools(fields)).tokens();
    }

    private static ChatTemplate template(LanguageModel model) {
        return model.chatTemplate()
                .orElseThrow(() -> ApiException.badRequest(
                        "chat-unsupported", "messages", "the model's file has no chat template; it cannot chat"));
    }

    private static void refuseUnsupported(Fields fields) {
        fields.refuse("functions", "is not supported any more; use tools");
        fields.refuse("function_call", "is not supported any more; use tool_choice");
        fields.refuse("audio", "is not supported; this model writes text");
        fields.refuse("web_search_options", "is not supported; this node searches nothing");
        for (String modality : fields.texts("modalities", 2)) {
            if (!modality.equals("text")) {
                throw fields.refusal("modalities", "[\"text\"]");
            }
        }
    }

    /** None, auto, required, or the name of a tool. */
    private static String toolChoice(Fields fields, List<Map<String, Object>> tools) {
        var _ = fields.flag("parallel_tool_calls", true);
        JsonNode choice = fields.find("tool_choice");
        if (choice == null) {
            return tools.isEmpty() ? "none" : "auto";
        }
        if (choice.isObject()) {
            Fields named = Fields.of(choice, "tool_choice");
            var _ = named.oneOf("type", Set.of("function"), "");
            String name = named.object("function")
                    .flatMap(function -> function.text("name"))
                    .orElseThrow(() -> fields.refusal("tool_choice", "an object with function.name"));
            if (tools.stream().noneMatch(tool -> Messages.nameOf(tool).equals(name))) {
                throw ApiException.badRequest(
                        "value-invalid",
                        "tool_choice",
                        "tool_choice names '%s', which is not among the tools".formatted(name));
            }
            return name;
        }
        String word = fields.oneOf("tool_choice", Set.of("none", "auto", "required"), "auto");
        if (word.equals("required") && tools.isEmpty()) {
            throw ApiException.badRequest("value-invalid", "tool_choice", "tool_choice is required without any tools");
        }
        return word;
    }

    private static ChatPrompt prompt(Fields fields, ChatTemplate template, List<Map<String, Object>> tools) {
        try {
            return template.encode(Conversation.of(Messages.conversation(fields))
                    .withTools(tools)
                    .withVariables(Messages.variables(fields)));
        } catch (ChatTemplateException refusal) {
            throw ApiException.badRequest("messages-refused", "messages", String.valueOf(refusal.getMessage()));
        }
    }

    private static @Nullable TokenConstraint constraint(ForcedCall call, LanguageModel model) {
        return call.jsonSchema()
                .map(schema -> AnswerForms.compiled(() -> model.jsonSchema(schema), "tools"))
                .or(() -> call.pattern().map(pattern -> AnswerForms.compiled(() -> model.regex(pattern), "tools")))
                .orElse(null);
    }

    private static int[] concat(int[] first, int[] second) {
        return IntStream.concat(IntStream.of(first), IntStream.of(second)).toArray();
    }
}
