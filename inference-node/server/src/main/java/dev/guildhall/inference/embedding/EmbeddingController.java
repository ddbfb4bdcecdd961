package dev.guildhall.inference.embedding;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.guildhall.inference.embedding.TextEmbeddings.Embedding;
import dev.guildhall.inference.embedding.TextEmbeddings.Wish;
import dev.guildhall.inference.problem.ApiException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.JsonNode;

/** {@code POST /v1/embeddings}, as OpenAI's API describes it. */
@RestController
class EmbeddingController {

    private final TextEmbeddings embeddings;
    private final EmbeddingSettings settings;

    EmbeddingController(TextEmbeddings embeddings, EmbeddingSettings settings) {
        this.embeddings = embeddings;
        this.settings = settings;
    }

    /**
     * A request for vectors.
     *
     * @param input a text, or a list of texts
     * @param dimensions numbers of a vector, where the model can make fewer than it does
     * @param instruction our own addition: what the texts, which are questions then, are asked for, where the model can be told
     * @param truncate our own addition: read only the first tokens of a text that is too long, where others refuse it
     */
    record Request(
            @Nullable String model,
            @Nullable JsonNode input,
            @JsonProperty("encoding_format") @Nullable String encodingFormat,
            @Nullable Integer dimensions,
            @Nullable String instruction,
            @Nullable Boolean truncate) {}

    /** The vectors, in the order of the texts. */
    record Answer(String object, List<Item> data, String model, Usage usage) {}

    /** @param embedding a list of numbers, or Base64 of little-endian 32-bit floats */
    record Item(String object, int index, Object embedding) {}

    record Usage(
            @JsonProperty("prompt_tokens") long promptTokens,
            @JsonProperty("total_tokens") long totalTokens) {}

    @PostMapping("/v1/embeddings")
    Answer embed(@RequestBody Request request) {
        refuseOtherModel(request);
        boolean base64 = isBase64(request.encodingFormat());
        Wish wish = new Wish(request.dimensions(), request.instruction(), Boolean.TRUE.equals(request.truncate()));
        List<String> texts = texts(request.input());
        refuseLength("instruction", request.instruction());
        List<Item> items = new ArrayList<>();
        long tokens = 0;
        for (int index = 0; index < texts.size(); index++) {
            Embedding embedding = embeddings.embed(index, texts.get(index), wish);
            tokens += embedding.tokens();
            items.add(new Item("embedding", index, base64 ? base64(embedding.vector()) : embedding.vector()));
        }
        return new Answer("list", items, embeddings.modelName(), new Usage(tokens, tokens));
    }

    private void refuseOtherModel(Request request) {
        String model = request.model();
        if (model != null && !model.equals(embeddings.modelName())) {
            throw ApiException.notFound(
                    "model-not-found",
                    "model",
                    "this node embeds with '%s', not with '%s'".formatted(embeddings.modelName(), model));
        }
    }

    private static boolean isBase64(@Nullable String format) {
        if (format == null || format.equals("float")) {
            return false;
        }
        if (format.equals("base64")) {
            return true;
        }
        throw ApiException.badRequest(
                "encoding-unsupported",
                "encoding_format",
                "encoding_format is float or base64, not '%s'".formatted(format));
    }

    private List<String> texts(@Nullable JsonNode input) {
        List<String> texts = new ArrayList<>();
        if (input != null && input.isString()) {
            texts.add(input.asString());
        } else if (input != null && input.isArray() && !input.isEmpty()) {
            if (input.size() > settings.inputsMax()) {
                throw ApiException.badRequest(
                        "too-many-inputs",
                        "input",
                        "%d inputs are more than %d; send them in several requests, or raise guildhall.embedding.inputs-max"
                                .formatted(input.size(), settings.inputsMax()));
            }
            for (JsonNode text : input) {
                if (!text.isString()) {
                    throw notText();
                }
                texts.add(text.asString());
            }
        } else {
            throw notText();
        }
        for (int index = 0; index < texts.size(); index++) {
            refuseLength(index, texts.get(index).length());
        }
        return texts;
    }

    private void refuseLength(int index, int characters) {
        if (characters == 0) {
            throw ApiException.badRequest("input-empty", "input", "input %d is empty".formatted(index));
        }
        if (characters > settings.inputCharactersMax()) {
            throw ApiException.badRequest(
                    "input-too-long",
                    "input",
                    "input %d has %d characters, more than %d; split it, or raise guildhall.embedding.input-characters-max"
                            .formatted(index, characters, settings.inputCharactersMax()));
        }
    }

    private void refuseLength(String name, @Nullable String text) {
        if (text != null && text.length() > settings.inputCharactersMax()) {
            throw ApiException.badRequest(
                    "input-too-long",
                    name,
                    "%s has %d characters, more than %d".formatted(name, text.length(), settings.inputCharactersMax()));
        }
    }

    private static ApiException notText() {
        return ApiException.badRequest(
                "input-unsupported", "input", "input is a text or a list of texts; token ids are not taken");
    }

    private static String base64(float[] vector) {
        ByteBuffer bytes = ByteBuffer.allocate(vector.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asFloatBuffer().put(vector);
        return Base64.getEncoder().encodeToString(bytes.array());
    }
}
