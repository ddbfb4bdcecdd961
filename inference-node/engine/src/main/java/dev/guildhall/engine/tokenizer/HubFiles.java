package dev.guildhall.engine.tokenizer;

import dev.guildhall.engine.format.ModelFormatException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.MissingNode;

/** The small files beside the weights in a directory of the hub. */
record HubFiles(Path directory) implements TextSource {

    private static final long BYTES_MAX = 128 << 20;

    /** Where sentence-transformers says how an embedding model's vector comes out of its tokens' states. */
    private static final String POOLING = "1_Pooling/config.json";

    @Override
    public Tokenizer tokenizer() throws IOException {
        return HubVocabulary.read(this);
    }

    @Override
    public Optional<ChatTemplate> chatTemplate(Tokenizer tokenizer) throws IOException {
        return ChatTemplate.fromHub(this, tokenizer);
    }

    @Override
    public void requireLastTokenPooling() throws IOException {
        JsonNode pooling = optional(POOLING);
        if (!pooling.isMissingNode()
                && !pooling.path("pooling_mode_lasttoken").asBoolean(false)
                && !pooling.path("pooling_mode").asString("").equals("lasttoken")) {
            throw new ModelFormatException(
                    path(POOLING),
                    "its vectors are not the last token's state, which is the one pooling that the engine knows");
        }
    }

    Path path(String name) {
        return directory.resolve(name);
    }

    JsonNode required(String name) throws IOException {
        if (!Files.exists(path(name))) {
            throw new ModelFormatException(path(name), "it is missing; the model cannot read or write text without it");
        }
        return read(name);
    }

    JsonNode optional(String name) throws IOException {
        return Files.exists(path(name)) ? read(name) : MissingNode.getInstance();
    }

    private JsonNode read(String name) throws IOException {
        try {
            return JsonMapper.shared().readTree(bytes(name));
        } catch (JacksonException e) {
            throw new ModelFormatException(path(name), "it is no JSON that can be read: " + e.getOriginalMessage());
        }
    }

    byte[] bytes(String name) throws IOException {
        long size = Files.size(path(name));
        if (size > BYTES_MAX) {
            throw new ModelFormatException(
                    path(name), "it has %,d bytes; at most %,d are read".formatted(size, BYTES_MAX));
        }
        return Files.readAllBytes(path(name));
    }

    /** A token by what tokenizer_config.json calls it, as {@code bos_token}: a name, or an object that has it. */
    Optional<String> special(String key) throws IOException {
        JsonNode told = optional("tokenizer_config.json").path(key);
        String name = told.isObject() ? told.path("content").asString("") : told.asString("");
        return name.isEmpty() ? Optional.empty() : Optional.of(name);
    }

    Map<String, Integer> roles(Map<String, Integer> ids) throws IOException {
        Map<String, Integer> roles = new TreeMap<>();
        for (String role : List.of("bos", "eos")) {
            special(role + "_token").map(ids::get).ifPresent(id -> roles.put(role, id));
        }
        return roles;
    }

    /** The tokens that end an answer: a list or one of generation_config.json, or the vocabulary's own. */
    Set<Integer> ends(Map<String, Integer> ids) throws IOException {
        Set<Integer> ends = new TreeSet<>();
        JsonNode told = optional("generation_config.json").path("eos_token_id");
        if (told.isMissingNode() || told.isNull()) {
            told = optional("config.json").path("eos_token_id");
        }
        for (JsonNode id : told.isArray() ? told.values() : List.of(told)) {
            if (id.isInt()) {
                if (!ids.containsValue(id.intValue())) {
                    throw new ModelFormatException(
                            path("generation_config.json"),
                            "eos_token_id has %d, which is no token of the vocabulary of %,d"
                                    .formatted(id.intValue(), ids.size()));
                }
                ends.add(id.intValue());
            }
        }
        special("eos_token").map(ids::get).ifPresent(ends::add);
        return ends;
    }

    /** The chat template, from where the hub had it at one time or another. */
    Optional<String> chatTemplateSource() throws IOException {
        if (Files.exists(path("chat_template.jinja"))) {
            return Optional.of(new String(bytes("chat_template.jinja"), StandardCharsets.UTF_8));
        }
        JsonNode told = optional("chat_template.json").path("chat_template");
        if (told.isMissingNode()) {
            told = optional("tokenizer_config.json").path("chat_template");
        }
        if (told.isString()) {
            return Optional.of(told.stringValue());
        }
        // A list of named ones: that for tools also serves without.
        Map<String, String> named = new TreeMap<>();
        told.values()
                .forEach(one -> named.put(
                        one.path("name").asString(""), one.path("template").asString("")));
        return Optional.ofNullable(named.getOrDefault("tool_use", named.get("default")));
    }
}
