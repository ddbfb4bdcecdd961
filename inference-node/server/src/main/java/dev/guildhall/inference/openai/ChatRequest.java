package dev.guildhall.inference.openai;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * A request for an answer, as OpenAI's API describes it; {@code top_k}, {@code min_p}, {@code repetition_penalty} and
 * {@code cache_salt} as vLLM names them.
 */
record ChatRequest(
        @Nullable String model,
        @Nullable List<Message> messages,
        @Nullable Boolean stream,
        @JsonProperty("stream_options") @Nullable StreamOptions streamOptions,
        @JsonProperty("max_tokens") @Nullable Integer maxTokens,
        @JsonProperty("max_completion_tokens") @Nullable Integer maxCompletionTokens,
        @Nullable Double temperature,
        @JsonProperty("top_p") @Nullable Double topP,
        @JsonProperty("top_k") @Nullable Integer topK,
        @JsonProperty("min_p") @Nullable Double minP,
        @JsonProperty("repetition_penalty") @Nullable Double repetitionPenalty,
        @JsonProperty("presence_penalty") @Nullable Double presencePenalty,
        @JsonProperty("frequency_penalty") @Nullable Double frequencyPenalty,
        @Nullable Long seed,
        @Nullable JsonNode stop,
        @Nullable Integer n,
        @Nullable Boolean logprobs,
        @JsonProperty("logit_bias") @Nullable JsonNode logitBias,
        @Nullable JsonNode tools,
        @JsonProperty("tool_choice") @Nullable JsonNode toolChoice,
        @JsonProperty("response_format") @Nullable ResponseFormat responseFormat,
        @JsonProperty("cache_salt") @Nullable String cacheSalt,
        @Nullable String user) {

    /** @param content a text, or a list of parts with texts */
    record Message(@Nullable String role, @Nullable JsonNode content) {}

    record StreamOptions(
            @JsonProperty("include_usage") @Nullable Boolean includeUsage) {}

    record ResponseFormat(
            @Nullable String type,
            @JsonProperty("json_schema") @Nullable JsonSchema jsonSchema) {}

    record JsonSchema(@Nullable String name, @Nullable JsonNode schema) {}

    boolean isStreamed() {
        return Boolean.TRUE.equals(stream);
    }

    boolean wantsUsage() {
        return streamOptions != null && Boolean.TRUE.equals(streamOptions.includeUsage);
    }
}
