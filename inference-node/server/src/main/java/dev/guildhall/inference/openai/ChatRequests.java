package dev.guildhall.inference.openai;

import dev.guildhall.engine.generation.GenerationRequest;
import dev.guildhall.engine.generation.LanguageModel;
import dev.guildhall.engine.generation.SamplingOptions;
import dev.guildhall.engine.generation.grammar.SchemaException;
import dev.guildhall.engine.generation.grammar.TokenConstraint;
import dev.guildhall.engine.tokenizer.ChatMessage;
import dev.guildhall.engine.tokenizer.ChatTemplate;
import dev.guildhall.engine.tokenizer.ChatTemplateException;
import dev.guildhall.inference.problem.ApiException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import tools.jackson.databind.JsonNode;

/** Turns what a caller asks for into what the engine is asked for; refuses what it could not do. */
@Component
class ChatRequests {

    private static final int MESSAGES_MAX = 2_000;
    private static final int STOPS_MAX = 16;
    private static final int STOP_CHARACTERS_MAX = 1_000;

    private final EngineSettings settings;

    ChatRequests(EngineSettings settings) {
        this.settings = settings;
    }

    GenerationRequest translate(ChatRequest request, LanguageModel model, String caller) {
        refuseUnsupported(request);
        List<ChatMessage> messages = messages(request.messages());
        ChatTemplate template = model.chatTemplate()
                .orElseThrow(() -> ApiException.badRequest(
                        "chat-unsupported", "messages", "the model's file has no chat template; it cannot chat"));
        int[] prompt;
        try {
            prompt = template.encode(messages, List.of());
        } catch (ChatTemplateException refusal) {
            throw ApiException.badRequest("messages-refused", "messages", String.valueOf(refusal.getMessage()));
        }
        return GenerationRequest.of(prompt)
                .withAnswerTokensMax(answerTokensMax(request, model, prompt.length))
                .withSampling(sampling(request))
                .withStop(stops(request.stop()))
                .withConstraint(constraint(request.responseFormat(), model))
                .withCaller(
                        request.user() == null ? caller : caller + "/" + request.user(),
                        request.cacheSalt() == null ? "" : request.cacheSalt());
    }

    private static void refuseUnsupported(ChatRequest request) {
        if (request.n() != null && request.n() != 1) {
            throw unsupported("n", "n is %d; one answer is given to each request".formatted(request.n()));
        }
        if (Boolean.TRUE.equals(request.logprobs())) {
            throw unsupported("logprobs", "log-probabilities are not given; leave logprobs out");
        }
        refuseNonZero("presence_penalty", request.presencePenalty());
        refuseNonZero("frequency_penalty", request.frequencyPenalty());
        if (request.logitBias() != null && !request.logitBias().isEmpty()) {
            throw unsupported("logit_bias", "logit_bias is not supported; leave it out");
        }
        boolean toolsOff = request.toolChoice() != null
                && "none".equals(request.toolChoice().asString(""));
        if (request.tools() != null && !request.tools().isEmpty() && !toolsOff) {
            throw unsupported("tools", "tools are not supported; leave them out, or set tool_choice to none");
        }
    }

    private static void refuseNonZero(String field, @Nullable Double value) {
        if (value != null && value != 0) {
            throw unsupported(
                    field, "%s is %s; only 0 is supported, beside repetition_penalty".formatted(field, value));
        }
    }

    private static ApiException unsupported(String field, String message) {
        return ApiException.badRequest("unsupported", field, message);
    }

    private static List<ChatMessage> messages(@Nullable List<ChatRequest.Message> messages) {
        if (messages == null || messages.isEmpty() || messages.size() > MESSAGES_MAX) {
            throw ApiException.badRequest(
                    "messages-invalid",
                    "messages",
                    "there are %d messages; 1 to %,d are taken"
                            .formatted(messages == null ? 0 : messages.size(), MESSAGES_MAX));
        }
        List<ChatMessage> translated = new ArrayList<>();
        for (int i = 0; i < messages.size(); i++) {
            ChatRequest.Message message = messages.get(i);
            String text = text(message.content(), i);
            String role = message.role() == null ? "" : message.role();
            translated.add(
                    switch (role) {
                        case "system", "developer" -> ChatMessage.system(text);
                        case "user" -> ChatMessage.user(text);
                        case "assistant" -> ChatMessage.assistant(text);
                        case "tool" -> ChatMessage.tool(text);
                        default ->
                            throw ApiException.badRequest(
                                    "role-unknown",
                                    "messages[%d].role".formatted(i),
                                    "role is '%s'; roles are system, developer, user, assistant and tool"
                                            .formatted(role));
                    });
        }
        return translated;
    }

    private static String text(@Nullable JsonNode content, int index) {
        if (content == null || content.isNull()) {
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
                        "messages[%d].content".formatted(index),
                        "content is a text, or a list of parts of type text; images and sound are not taken");
            }
            text.append(part.get("text").stringValue());
        }
        return text.toString();
    }

    private int answerTokensMax(ChatRequest request, LanguageModel model, int promptTokens) {
        Integer wanted = request.maxCompletionTokens() == null ? request.maxTokens() : request.maxCompletionTokens();
        if (wanted == null) {
            return Math.clamp(model.contextTokens() - promptTokens, 1, settings.answerTokensDefault());
        }
        if (wanted < 1) {
            throw ApiException.badRequest(
                    "max-tokens-invalid", "max_tokens", "max_tokens is %d; it must be 1 or more".formatted(wanted));
        }
        return wanted;
    }

    private SamplingOptions sampling(ChatRequest request) {
        try {
            return new SamplingOptions(
                    request.temperature() == null ? settings.temperatureDefault() : request.temperature(),
                    request.topK() == null ? settings.topKDefault() : Math.max(0, request.topK()),
                    request.topP() == null ? settings.topPDefault() : request.topP(),
                    request.minP() == null ? 0 : request.minP(),
                    request.repetitionPenalty() == null ? 1 : request.repetitionPenalty(),
                    request.seed() == null ? ThreadLocalRandom.current().nextLong() : request.seed());
        } catch (IllegalArgumentException refusal) {
            String message = String.valueOf(refusal.getMessage());
            throw ApiException.badRequest("sampling-invalid", message.substring(0, message.indexOf(' ')), message);
        }
    }

    private static List<String> stops(@Nullable JsonNode stop) {
        if (stop == null || stop.isNull()) {
            return List.of();
        }
        List<String> stops = new ArrayList<>();
        for (JsonNode text : stop.isArray() ? stop.values() : List.of(stop)) {
            if (!text.isString()
                    || text.stringValue().isEmpty()
                    || text.stringValue().length() > STOP_CHARACTERS_MAX) {
                throw ApiException.badRequest(
                        "stop-invalid",
                        "stop",
                        "a stop string is a text of 1 to %,d characters".formatted(STOP_CHARACTERS_MAX));
            }
            stops.add(text.stringValue());
        }
        if (stops.size() > STOPS_MAX) {
            throw ApiException.badRequest(
                    "stop-invalid",
                    "stop",
                    "there are %d stop strings; at most %d are taken".formatted(stops.size(), STOPS_MAX));
        }
        return stops;
    }

    private static @Nullable TokenConstraint constraint(
            ChatRequest.@Nullable ResponseFormat format, LanguageModel model) {
        String type = format == null || format.type() == null ? "text" : format.type();
        return switch (type) {
            case "text" -> null;
            case "json_object" -> model.jsonObject();
            case "json_schema" -> {
                JsonNode schema = format == null || format.jsonSchema() == null
                        ? null
                        : format.jsonSchema().schema();
                if (schema == null) {
                    throw ApiException.badRequest(
                            "schema-missing",
                            "response_format.json_schema.schema",
                            "response_format is json_schema, but json_schema.schema is missing");
                }
                try {
                    yield model.jsonSchema(schema.toString());
                } catch (SchemaException refusal) {
                    throw ApiException.badRequest(
                            "schema-unsupported",
                            "response_format.json_schema.schema",
                            String.valueOf(refusal.getMessage()));
                }
            }
            default ->
                throw ApiException.badRequest(
                        "response-format-unknown",
                        "response_format.type",
                        "response_format is '%s'; there are text, json_object and json_schema".formatted(type));
        };
    }
}
