package dev.guildhall.inference.openai;

import dev.guildhall.engine.generation.GenerationRequest;
import dev.guildhall.engine.generation.LanguageModel;
import dev.guildhall.engine.generation.grammar.TokenConstraint;
import dev.guildhall.engine.tokenizer.Tokenizer;
import dev.guildhall.inference.problem.ApiException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.springframework.stereotype.Component;
import tools.jackson.databind.JsonNode;

/** Turns what a caller of the completions asks for into what the engine is asked for. */
@Component
class CompletionRequests {

    private static final int PROMPTS_MAX = 32;
    private static final int LOGPROBS_MAX = 20;

    private final GenerationFields generation;

    CompletionRequests(GenerationFields generation) {
        this.generation = generation;
    }

    /**
     * One request for completions.
     *
     * @param requests one for each prompt
     * @param echoes what each answer begins with
     */
    record Completion(List<GenerationRequest> requests, List<String> echoes, int answersEach) {}

    Completion translate(Fields fields, LanguageModel model, String caller) {
        int answersEach = generation.answerCount(fields);
        if (fields.integer("best_of", 1, Integer.MAX_VALUE, answersEach) != answersEach) {
            throw ApiException.badRequest("unsupported", "best_of", "best_of is supported only where it equals n");
        }
        boolean echo = fields.flag("echo", false);
        int logprobs = fields.integer("logprobs", 0, LOGPROBS_MAX, GenerationRequest.NO_LOGPROBS);
        if (echo && logprobs >= 0) {
            throw ApiException.badRequest(
                    "unsupported", "echo", "echo is not supported with logprobs: those of the prompt are not known");
        }
        TokenConstraint constraint = AnswerForms.constraint(fields, model);
        List<GenerationRequest> requests = new ArrayList<>();
        List<String> echoes = new ArrayList<>();
        for (int[] prompt : prompts(fields, model)) {
            GenerationRequest request =
                    generation.request(prompt, fields, model, caller).withConstraint(constraint);
            requests.add(logprobs < 0 ? request : request.withLogprobs(logprobs));
            echoes.add(echo ? model.tokenizer().decode(prompt) : "");
        }
        return new Completion(requests, echoes, answersEach);
    }

    private static List<int[]> prompts(Fields fields, LanguageModel model) {
        JsonNode prompt = fields.find("prompt");
        Optional<String> suffix = fields.text("suffix").filter(text -> !text.isEmpty());
        if (prompt != null && prompt.isString()) {
            return List.of(encoded(prompt.stringValue(), suffix, model));
        }
        List<JsonNode> elements = fields.list("prompt", Integer.MAX_VALUE);
        if (elements.isEmpty()) {
            throw fields.refusal("prompt", "a text, a list of texts, or token ids");
        }
        if (elements.getFirst().isNumber()) {
            refuseSuffix(suffix);
            return List.of(tokens(elements, fields, model));
        }
        if (elements.size() > PROMPTS_MAX) {
            throw fields.refusal("prompt", "a list of up to %d prompts".formatted(PROMPTS_MAX));
        }
        List<int[]> prompts = new ArrayList<>();
        for (JsonNode element : elements) {
            if (element.isArray()) {
                refuseSuffix(suffix);
                prompts.add(tokens(new ArrayList<>(element.values()), fields, model));
            } else if (element.isString()) {
                prompts.add(encoded(element.stringValue(), suffix, model));
            } else {
                throw fields.refusal("prompt", "a text, a list of texts, or token ids");
            }
        }
        return prompts;
    }

    private static void refuseSuffix(Optional<String> suffix) {
        if (suffix.isPresent()) {
            throw ApiException.badRequest("unsupported", "suffix", "suffix is supported with a prompt that is a text");
        }
    }

    private static int[] encoded(String text, Optional<String> suffix, LanguageModel model) {
        Tokenizer tokenizer = model.tokenizer();
        int[] prompt = suffix.map(after -> gap(text, after, tokenizer))
                .orElseGet(() -> concat(tokenizer.textStart(), tokenizer.encode(text)));
        if (prompt.length == 0) {
            throw ApiException.badRequest("value-invalid", "prompt", "the prompt is empty");
        }
        return prompt;
    }

    private static int[] gap(String before, String after, Tokenizer tokenizer) {
        try {
            return tokenizer.fillPrompt(before, after);
        } catch (UnsupportedOperationException refusal) {
            throw ApiException.badRequest("unsupported", "suffix", String.valueOf(refusal.getMessage()));
        }
    }

    private static int[] tokens(List<JsonNode> ids, Fields fields, LanguageModel model) {
        int tokensMax = model.tokenizer().vocabularySize();
        if (ids.isEmpty()
                || ids.stream()
                        .anyMatch(id -> !id.canConvertToInt() || id.intValue() < 0 || id.intValue() >= tokensMax)) {
            throw fields.refusal("prompt", "token ids from 0 to %,d".formatted(tokensMax - 1));
        }
        return ids.stream().mapToInt(JsonNode::intValue).toArray();
    }

    private static int[] concat(int[]... parts) {
        return IntStream.range(0, parts.length)
                .flatMap(i -> IntStream.of(parts[i]))
                .toArray();
    }
}
