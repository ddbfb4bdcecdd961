package dev.guildhall.engine.tokenizer;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.zip.GZIPInputStream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** The golden files of this package's tests. */
public final class TextGoldens {

    /** Named in errors only. */
    public static final Path FILE = Path.of("tiny.gguf");

    private TextGoldens() {}

    public static JsonNode read(String name) {
        try (InputStream in = Objects.requireNonNull(TextGoldens.class.getResourceAsStream("/golden/" + name), name);
                InputStream text = name.endsWith(".gz") ? new GZIPInputStream(in) : in) {
            return JsonMapper.shared().readTree(text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Metadata of a model with the tiny golden vocabulary; may be changed by the caller. */
    public static Map<String, Object> tinyMetadata(String preTokenizer) {
        JsonNode golden = read("tokenizer.json.gz");
        List<Object> tokens = new ArrayList<>();
        golden.get("tokens").forEach(token -> tokens.add(token.stringValue()));
        List<Object> types = new ArrayList<>();
        golden.get("types").forEach(type -> types.add(type.longValue()));
        List<Object> merges = new ArrayList<>();
        golden.get("merges").forEach(merge -> merges.add(merge.stringValue()));
        Map<String, Object> metadata = new HashMap<>();
        metadata.put("tokenizer.ggml.model", "gpt2");
        metadata.put("tokenizer.ggml.pre", preTokenizer);
        metadata.put("tokenizer.ggml.tokens", tokens);
        metadata.put("tokenizer.ggml.token_type", types);
        metadata.put("tokenizer.ggml.merges", merges);
        metadata.put("tokenizer.ggml.eos_token_id", (long) tokens.indexOf("<|im_end|>"));
        metadata.put("tokenizer.ggml.bos_token_id", (long) tokens.indexOf("<|endoftext|>"));
        metadata.put("tokenizer.ggml.add_bos_token", false);
        metadata.put(
                "tokenizer.chat_template",
                read("chat-templates.json").get("templates").get("marked").stringValue());
        return metadata;
    }

    /** A tokenizer.json as Qwen has it, with so many tokens: 320 are text, at most 5 more are reserved. */
    public static String hubTokenizer(int tokens) {
        ObjectNode json = HubTokenizerTest.json("qwen2");
        ArrayNode added = (ArrayNode) json.get("added_tokens");
        while (320 + added.size() > tokens) {
            added.remove(added.size() - 1);
        }
        return json.toString();
    }

    static int[] ids(JsonNode array) {
        int[] ids = new int[array.size()];
        for (int i = 0; i < ids.length; i++) {
            ids[i] = array.get(i).intValue();
        }
        return ids;
    }
}
