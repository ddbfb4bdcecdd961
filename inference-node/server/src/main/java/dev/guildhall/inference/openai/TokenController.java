package dev.guildhall.inference.openai;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import dev.guildhall.engine.generation.LanguageModel;
import dev.guildhall.engine.tokenizer.Tokenizer;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.JsonNode;

/** {@code POST /tokenize} and {@code /detokenize}, as vLLM has them. */
@RestController
class TokenController {

    private static final int TOKENS_MAX = 1 << 21;

    private final ServedModel served;
    private final ChatRequests chats;

    TokenController(ServedModel served, ChatRequests chats) {
        this.served = served;
        this.chats = chats;
    }

    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Tokens(
            int count,
            @JsonProperty("max_model_len") int contextTokens,
            List<Integer> tokens,
            @JsonProperty("token_strs") @Nullable List<String> texts) {}

    record Text(String prompt) {}

    @PostMapping("/tokenize")
    Tokens tokenize(@RequestBody JsonNode body) {
        Fields fields = Fields.of(body);
        LanguageModel model = served.require(fields.text("model"));
        Tokenizer tokenizer = model.tokenizer();
        int[] tokens;
        if (fields.has("messages")) {
            tokens = chats.prompt(fields, model);
        } else {
            String prompt = fields.text("prompt").orElseThrow(() -> fields.refusal("prompt", "a text"));
            int[] start = fields.flag("add_special_tokens", true) ? tokenizer.textStart() : new int[0];
            tokens = IntStream.concat(IntStream.of(start), IntStream.of(tokenizer.encode(prompt)))
                    .toArray();
        }
        List<String> texts = fields.flag("return_token_strs", false)
                ? IntStream.of(tokens)
                        .mapToObj(token -> Logprobs.text(token, tokenizer))
                        .toList()
                : null;
        return new Tokens(
                tokens.length,
                model.contextTokens(),
                IntStream.of(tokens).boxed().toList(),
                texts);
    }

    @PostMapping("/detokenize")
    Text detokenize(@RequestBody JsonNode body) {
        Fields fields = Fields.of(body);
        Tokenizer tokenizer = served.require(fields.text("model")).tokenizer();
        List<JsonNode> ids = new ArrayList<>(fields.list("tokens", TOKENS_MAX));
        if (!fields.has("tokens")
                || ids.stream()
                        .anyMatch(id -> !id.canConvertToInt()
                                || id.intValue() < 0
                                || id.intValue() >= tokenizer.vocabularySize())) {
            throw fields.refusal(
                    "tokens", "a list of token ids from 0 to %,d".formatted(tokenizer.vocabularySize() - 1));
        }
        return new Text(
                tokenizer.decode(ids.stream().mapToInt(JsonNode::intValue).toArray()));
    }
}
