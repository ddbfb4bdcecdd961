package dev.guildhall.inference.openai;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.guildhall.engine.generation.TokenLogprobs;
import dev.guildhall.engine.tokenizer.Tokenizer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** How likely the tokens of an answer were, as chat shows it. */
record Logprobs(List<Entry> content) {

    /** @param bytes of the token, from 0 to 255 */
    record Entry(
            String token,
            double logprob,
            List<Integer> bytes,
            @JsonProperty("top_logprobs") List<Candidate> top) {}

    record Candidate(String token, double logprob, List<Integer> bytes) {}

    static Logprobs of(List<TokenLogprobs> tokens, Tokenizer tokenizer) {
        return new Logprobs(tokens.stream()
                .map(token -> new Entry(
                        text(token.token(), tokenizer),
                        token.logprob(),
                        bytes(token.token(), tokenizer),
                        token.top().stream()
                                .map(likely -> new Candidate(
                                        text(likely.token(), tokenizer),
                                        likely.logprob(),
                                        bytes(likely.token(), tokenizer)))
                                .toList()))
                .toList());
    }

    static String text(int token, Tokenizer tokenizer) {
        return new String(tokenizer.bytes(token), StandardCharsets.UTF_8);
    }

    private static List<Integer> bytes(int token, Tokenizer tokenizer) {
        List<Integer> values = new ArrayList<>();
        for (byte value : tokenizer.bytes(token)) {
            values.add(value & 0xFF);
        }
        return values;
    }
}
