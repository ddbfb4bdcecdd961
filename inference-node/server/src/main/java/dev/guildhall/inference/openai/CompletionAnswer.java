package dev.guildhall.inference.openai;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import dev.guildhall.engine.generation.GenerationResult;
import dev.guildhall.engine.generation.TokenLogprobs;
import dev.guildhall.engine.tokenizer.Tokenizer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The answers to one request for completions. */
final class CompletionAnswer implements AnswerShape {

    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Completion(
            String id,
            String object,
            long created,
            String model,
            List<Choice> choices,
            @Nullable Usage usage) {}

    @JsonInclude(JsonInclude.Include.ALWAYS)
    record Choice(
            int index,
            String text,
            @Nullable Likelihoods logprobs,
            @JsonProperty("finish_reason") @Nullable String finishReason) {}

    /** @param offsets where each token begins in the text */
    record Likelihoods(
            List<String> tokens,
            @JsonProperty("token_logprobs") List<Double> logprobs,
            @JsonProperty("top_logprobs") List<Map<String, Double>> top,
            @JsonProperty("text_offset") List<Integer> offsets) {}

    private final AnswerHead head;
    private final CompletionRequests.Completion completion;
    private final Tokenizer tokenizer;
    private final int[] offsets; // by answer: where its next token begins

    CompletionAnswer(AnswerHead head, CompletionRequests.Completion completion, Tokenizer tokenizer) {
        this.head = head;
        this.completion = completion;
        this.tokenizer = tokenizer;
        this.offsets = new int[completion.requests().size() * completion.answersEach()];
    }

    @Override
    public Object whole(List<GenerationResult> results) {
        List<Choice> choices = new ArrayList<>();
        for (int index = 0; index < results.size(); index++) {
            GenerationResult result = results.get(index);
            choices.add(new Choice(
                    index,
                    echo(index) + result.text(),
                    likelihoods(index, result.logprobs()),
                    result.finishReason().name().toLowerCase(Locale.ROOT)));
        }
        return completion(choices, usageOf(results));
    }

    private String echo(int choice) {
        return completion.echoes().get(choice / completion.answersEach());
    }

    private Completion completion(List<Choice> choices, @Nullable Usage usage) {
        return new Completion(head.id(), "text_completion", head.created(), head.model(), choices, usage);
    }

    private Usage usageOf(List<GenerationResult> results) {
        return Usage.of(results, completion.answersEach(), null);
    }

    @Override
    public List<Object> first() {
        List<Object> echoes = new ArrayList<>();
        for (int index = 0; index < offsets.length; index++) {
            if (!echo(index).isEmpty()) {
                echoes.add(completion(List.of(new Choice(index, echo(index), null, null)), null));
            }
        }
        return echoes;
    }

    @Override
    public List<Object> more(int choice, String text, List<TokenLogprobs> logprobs) {
        return List.of(completion(List.of(new Choice(choice, text, likelihoods(choice, logprobs), null)), null));
    }

    @Override
    public List<Object> last(int choice, GenerationResult result, List<TokenLogprobs> logprobs) {
        String reason = result.finishReason().name().toLowerCase(Locale.ROOT);
        return List.of(completion(List.of(new Choice(choice, "", likelihoods(choice, logprobs), reason)), null));
    }

    @Override
    public Object usage(List<GenerationResult> results) {
        return completion(List.of(), usageOf(results));
    }

    private @Nullable Likelihoods likelihoods(int choice, List<TokenLogprobs> tokens) {
        if (tokens.isEmpty()) {
            return null;
        }
        Likelihoods likelihoods =
                new Likelihoods(new ArrayList<>(), new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
        for (TokenLogprobs token : tokens) {
            String text = Logprobs.text(token.token(), tokenizer);
            Map<String, Double> top = new LinkedHashMap<>();
            token.top().forEach(likely -> top.put(Logprobs.text(likely.token(), tokenizer), likely.logprob()));
            likelihoods.tokens.add(text);
            likelihoods.logprobs.add(token.logprob());
            likelihoods.top.add(top);
            likelihoods.offsets.add(offsets[choice]);
            offsets[choice] += text.length();
        }
        return likelihoods;
    }
}
