package dev.guildhall.inference.openai;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import dev.guildhall.engine.generation.GenerationResult;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a request took. */
@JsonInclude(JsonInclude.Include.NON_NULL)
record Usage(
        @JsonProperty("prompt_tokens") int promptTokens,
        @JsonProperty("completion_tokens") int completionTokens,
        @JsonProperty("total_tokens") int totalTokens,
        @JsonProperty("prompt_tokens_details") PromptDetails promptDetails,
        @JsonProperty("completion_tokens_details") @Nullable AnswerDetails answerDetails) {

    record PromptDetails(@JsonProperty("cached_tokens") int cachedTokens) {}

    record AnswerDetails(@JsonProperty("reasoning_tokens") int reasoningTokens) {}

    /**
     * @param results by prompt, then by answer
     * @param answersEach answers to each prompt, which counts once
     */
    static Usage of(List<GenerationResult> results, int answersEach, @Nullable AnswerDetails details) {
        int prompt = 0;
        int cached = 0;
        int answer = 0;
        for (int i = 0; i < results.size(); i++) {
            GenerationResult result = results.get(i);
            if (i % answersEach == 0) {
                prompt += result.promptTokens();
                cached += result.cachedTokens();
            }
            answer += result.tokens().size();
        }
        return new Usage(prompt, answer, prompt + answer, new PromptDetails(cached), details);
    }
}
