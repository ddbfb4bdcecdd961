package dev.guildhall.inference.openai;

import dev.guildhall.engine.generation.GenerationRequest;
import dev.guildhall.engine.generation.LanguageModel;
import dev.guildhall.engine.generation.Penalties;
import dev.guildhall.engine.generation.SamplingOptions;
import dev.guildhall.inference.problem.ApiException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import org.springframework.stereotype.Component;
import tools.jackson.databind.JsonNode;

/** What requests for chat and for completions have in common: how to sample, where to end, for whom. */
@Component
class GenerationFields {

    private static final int STOPS_MAX = 4;
    private static final int STOP_CHARACTERS_MAX = 1_000;
    private static final int STOP_TOKENS_MAX = 64;
    private static final int BIASES_MAX = 1_024;
    private static final int SALT_CHARACTERS_MAX = 256;
    private static final double TEMPERATURE_MAX = 2;

    private final EngineSettings settings;

    GenerationFields(EngineSettings settings) {
        this.settings = settings;
    }

    /** The request for {@code prompt} with all that the fields say. */
    GenerationRequest request(int[] prompt, Fields fields, LanguageModel model, String caller) {
        return GenerationRequest.of(prompt)
                .withEnding(new GenerationRequest.Ending(
                        answerTokensMax(fields, model, prompt.length), stops(fields), stopTokens(fields, model)))
                .withSampling(sampling(fields, model))
                .withRopeFactor(ropeFactor(fields))
                .withCaller(caller(fields, caller), cacheSalt(fields));
    }

    /** Answers to one prompt. */
    int answerCount(Fields fields) {
        return fields.integer("n", 1, settings.answersMax(), 1);
    }

    private int answerTokensMax(Fields fields, LanguageModel model, int promptTokens) {
        for (String name : List.of("max_completion_tokens", "max_tokens")) {
            if (fields.has(name)) {
                return fields.integer(name, 1, Integer.MAX_VALUE, 1);
            }
        }
        return Math.clamp(model.contextTokens() - promptTokens, 1, settings.answerTokensDefault());
    }

    private SamplingOptions sampling(Fields fields, LanguageModel model) {
        // -1 is how some clients write "all".
        int topK = Math.max(0, fields.integer("top_k", -1, Integer.MAX_VALUE, settings.topKDefault()));
        Penalties penalties = new Penalties(
                fields.number("repetition_penalty", value -> value > 0 && value <= 10, "a number above 0, up to 10", 1),
                fields.number("presence_penalty", -2, 2, 0),
                fields.number("frequency_penalty", -2, 2, 0));
        return new SamplingOptions(
                fields.number("temperature", 0, TEMPERATURE_MAX, settings.temperatureDefault()),
                topK,
                fields.number(
                        "top_p", value -> value > 0 && value <= 1, "a number above 0, up to 1", settings.topPDefault()),
                fields.number("min_p", 0, 1, 0),
                penalties,
                logitBias(fields, model),
                fields.wholeNumber("seed", ThreadLocalRandom.current().nextLong()));
    }

    private static Map<Integer, Double> logitBias(Fields fields, LanguageModel model) {
        JsonNode bias = fields.find("logit_bias");
        if (bias == null) {
            return Map.of();
        }
        if (!bias.isObject() || bias.size() > BIASES_MAX) {
            throw fields.refusal("logit_bias", "an object of up to %,d token ids with numbers".formatted(BIASES_MAX));
        }
        Map<Integer, Double> biases = new HashMap<>();
        for (Map.Entry<String, JsonNode> entry : bias.properties()) {
            String path = "logit_bias." + entry.getKey();
            int token = tokenId(entry.getKey());
            if (token < 0 || token >= model.tokenizer().vocabularySize()) {
                throw ApiException.badRequest(
                        "value-invalid",
                        path,
                        "logit_bias names token %s; allowed are 0 to %,d"
                                .formatted(entry.getKey(), model.tokenizer().vocabularySize() - 1));
            }
            double value = entry.getValue().isNumber() ? entry.getValue().doubleValue() : Double.NaN;
            if (!(Math.abs(value) <= SamplingOptions.BIAS_MAX)) {
                throw Fields.refusal(path, entry.getValue(), "a number from -100 to 100");
            }
            biases.put(token, value);
        }
        return biases;
    }

    private static int tokenId(String text) {
        try {
            return Integer.parseInt(text);
        } catch (NumberFormatException _) {
            return -1;
        }
    }

    private static List<String> stops(Fields fields) {
        JsonNode stop = fields.find("stop");
        List<String> stops = new ArrayList<>();
        if (stop != null && stop.isString()) {
            stops.add(stop.stringValue());
        } else if (stop != null) {
            stops.addAll(fields.texts("stop", STOPS_MAX));
        }
        if (stops.stream().anyMatch(text -> text.isEmpty() || text.length() > STOP_CHARACTERS_MAX)) {
            throw fields.refusal("stop", "texts of 1 to %,d characters".formatted(STOP_CHARACTERS_MAX));
        }
        return stops;
    }

    private static Set<Integer> stopTokens(Fields fields, LanguageModel model) {
        Set<Integer> tokens = new HashSet<>();
        int tokensMax = model.tokenizer().vocabularySize();
        for (JsonNode token : fields.list("stop_token_ids", STOP_TOKENS_MAX)) {
            if (!token.canConvertToInt() || token.intValue() < 0 || token.intValue() >= tokensMax) {
                throw fields.refusal("stop_token_ids", "token ids from 0 to %,d".formatted(tokensMax - 1));
            }
            tokens.add(token.intValue());
        }
        return tokens;
    }

    /** How far the context is stretched; 0 for no further than needed. */
    private static double ropeFactor(Fields fields) {
        JsonNode scaling = fields.find("rope_scaling");
        if (scaling == null || (scaling.isString() && scaling.stringValue().equals("auto"))) {
            return 0;
        }
        if (!scaling.isObject()) {
            throw fields.refusal("rope_scaling", "\"auto\", or an object as {\"type\":\"yarn\",\"factor\":4}");
        }
        Fields inner = Fields.of(scaling, "rope_scaling");
        String key = inner.has("rope_type") ? "rope_type" : "type";
        var _ = inner.oneOf(key, Set.of("yarn"), "yarn");
        return inner.number("factor", value -> value >= 1, "a number from 1", 1);
    }

    private static String caller(Fields fields, String caller) {
        return fields.text("user").map(user -> caller + "/" + user).orElse(caller);
    }

    private static String cacheSalt(Fields fields) {
        String salt = fields.text("cache_salt").orElse("");
        if (salt.length() > SALT_CHARACTERS_MAX) {
            throw fields.refusal("cache_salt", "a text of up to %,d characters".formatted(SALT_CHARACTERS_MAX));
        }
        return salt;
    }
}
