package dev.guildhall.engine.tokenizer;

import dev.guildhall.engine.format.ModelFormatException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/**
 * The vocabulary of a directory of the hub: tokenizer.json says how text is cut and joined; tokenizer_config.json and
 * generation_config.json say which tokens begin and end texts.
 */
final class HubVocabulary {

    private static final String FILE = "tokenizer.json";

    private final HubFiles files;
    private final Path file;
    private final JsonNode json;
    private final List<String> tokens = new ArrayList<>();
    private final List<TokenKind> kinds = new ArrayList<>();
    private final Map<String, Integer> ids = new HashMap<>();

    private HubVocabulary(HubFiles files, JsonNode json) {
        this.files = files;
        this.file = files.path(FILE);
        this.json = json;
    }

    static Tokenizer read(HubFiles files) throws IOException {
        if (!Files.exists(files.path(FILE)) && Files.exists(files.path(TiktokenFile.NAME))) {
            return TiktokenFile.read(files);
        }
        return new HubVocabulary(files, files.required(FILE)).tokenizer();
    }

    private ModelFormatException refusal(String problem) {
        return new ModelFormatException(file, problem);
    }

    private Tokenizer tokenizer() throws IOException {
        JsonNode model = json.path("model");
        if (!model.path("type").asString("BPE").equals("BPE")) {
            throw refusal("model.type is %s; supported is BPE".formatted(model.path("type")));
        }
        readTokens(model);
        Vocabulary vocabulary = vocabulary();
        List<String> merges = merges(model);
        if (model.path("byte_fallback").asBoolean(false)) {
            return SentencePieceBpe.of(vocabulary, merges, leadingSpace());
        }
        return ByteLevelBpe.of(vocabulary, merges, preTokenizer(model));
    }

    /**
     * The vocabulary in GGUF's words.
     *
     * @throws ModelFormatException when GGUF, as the engine reads it, has no words for it
     */
    static Map<String, Object> ggufMetadata(Path directory) throws IOException {
        HubFiles files = new HubFiles(directory);
        return new HubVocabulary(files, files.required(FILE)).ggufMetadata();
    }

    private Map<String, Object> ggufMetadata() throws IOException {
        JsonNode model = json.path("model");
        if (model.path("byte_fallback").asBoolean(false)) {
            throw refusal("its vocabulary is of SentencePiece's kind, which can be read, but not written to GGUF");
        }
        readTokens(model);
        Vocabulary vocabulary = vocabulary();
        Integer bos = vocabulary.roles().get("bos");
        boolean startsWithBos = bos != null && vocabulary.textStart().equals(List.of(bos));
        if (!startsWithBos && !vocabulary.textStart().isEmpty()) {
            throw refusal("its texts start with tokens %s; GGUF can only say that they start with bos"
                    .formatted(vocabulary.textStart()));
        }
        Map<String, Object> metadata = new LinkedHashMap<>();
        metadata.put("tokenizer.ggml.model", "gpt2");
        metadata.put(
                "tokenizer.ggml.pre",
                preTokenizer(model)
                        .name()
                        .orElseThrow(() -> refusal("GGUF has no name for its pre_tokenizer with this normalizer")));
        metadata.put("tokenizer.ggml.tokens", vocabulary.writtenTokens());
        metadata.put("tokenizer.ggml.token_type", vocabulary.ggufTypes());
        metadata.put("tokenizer.ggml.merges", merges(model));
        metadata.put("tokenizer.ggml.add_bos_token", startsWithBos);
        vocabulary.roles().forEach((role, id) -> metadata.put("tokenizer.ggml." + role + "_token_id", (long) id));
        vocabulary.ends().stream()
                .filter(end -> !end.equals(vocabulary.roles().get("eos")))
                .min(Integer::compare)
                .ifPresent(end -> metadata.put("tokenizer.ggml.eot_token_id", (long) end));
        files.chatTemplateSource().ifPresent(template -> metadata.put("tokenizer.chat_template", template));
        return metadata;
    }

    private void readTokens(JsonNode model) throws ModelFormatException {
        for (Map.Entry<String, JsonNode> token : model.path("vocab").properties()) {
            put(token.getKey(), token.getValue(), TokenKind.TEXT, "model.vocab");
        }
        for (JsonNode added : json.path("added_tokens").values()) {
            String content = added.path("content").asString("");
            if (content.isEmpty()) {
                throw refusal("added_tokens has %s, which has no content".formatted(added));
            }
            TokenKind kind = added.path("special").asBoolean(false) ? Vocabulary.special(content) : TokenKind.ADDED;
            put(content, added.path("id"), kind, "added_tokens");
        }
        if (tokens.isEmpty()) {
            throw refusal("model.vocab has no tokens");
        }
    }

    private void put(String token, JsonNode number, TokenKind kind, String place) throws ModelFormatException {
        int id = number.isInt() ? number.intValue() : -1;
        if (id < 0 || id >= Vocabulary.TOKENS_MAX) {
            throw refusal("%s has token \"%s\" with id %s; ids are 0 to %,d"
                    .formatted(place, token, number, Vocabulary.TOKENS_MAX - 1));
        }
        while (tokens.size() <= id) {
            tokens.add("");
            kinds.add(TokenKind.UNUSED);
        }
        String before = tokens.get(id);
        if (kinds.get(id) != TokenKind.UNUSED && !before.equals(token)) {
            throw refusal("the tokens \"%s\" and \"%s\" both have id %d".formatted(before, token, id));
        }
        tokens.set(id, token);
        kinds.set(id, kind);
        ids.put(token, id);
    }

    private Vocabulary vocabulary() throws IOException {
        return new Vocabulary(file, tokens, kinds, files.ends(ids), textStart(), files.roles(ids));
    }

    private List<String> merges(JsonNode model) throws ModelFormatException {
        List<String> lines = new ArrayList<>(model.path("merges").size());
        for (JsonNode merge : model.path("merges").values()) {
            String line = merge.isArray() && merge.size() == 2
                    ? merge.get(0).asString("") + " " + merge.get(1).asString("")
                    : merge.asString("");
            lines.add(line);
        }
        return lines;
    }

    /** What the template of the post-processor puts before the text. */
    private List<Integer> textStart() throws ModelFormatException {
        List<Integer> start = new ArrayList<>();
        for (JsonNode step : steps(json.path("post_processor"), "processors")) {
            for (JsonNode piece : step.path("single").values()) {
                if (!piece.has("SpecialToken")) {
                    break;
                }
                String name = piece.path("SpecialToken").path("id").asString("");
                Integer id = ids.get(name);
                if (id == null) {
                    throw refusal("post_processor puts \"%s\" before texts, which is no token".formatted(name));
                }
                start.add(id);
            }
        }
        return start;
    }

    private static List<JsonNode> steps(JsonNode sequence, String key) {
        if (sequence.isMissingNode() || sequence.isNull()) {
            return List.of();
        }
        return sequence.has(key) ? List.copyOf(sequence.get(key).values()) : List.of(sequence);
    }

    private boolean composes() throws ModelFormatException {
        boolean composes = false;
        for (JsonNode step : steps(json.path("normalizer"), "normalizers")) {
            if (!step.path("type").asString("").equals("NFC")) {
                throw refusal("normalizer has %s; supported for byte-level vocabularies is NFC".formatted(step));
            }
            composes = true;
        }
        return composes;
    }

    private PreTokenizer preTokenizer(JsonNode model) throws ModelFormatException {
        List<Pattern> stages = new ArrayList<>();
        boolean byteLevel = false;
        for (JsonNode step : steps(json.path("pre_tokenizer"), "pretokenizers")) {
            switch (step.path("type").asString("")) {
                case "Split" -> stages.add(split(step));
                case "Digits" -> {
                    if (step.path("individual_digits").asBoolean(false)) {
                        stages.add(known(PreTokenizer.EACH_DIGIT, step));
                    } else {
                        throw refusal("pre_tokenizer has %s; supported is individual_digits".formatted(step));
                    }
                }
                case "ByteLevel" -> {
                    byteLevel = true;
                    if (step.path("add_prefix_space").asBoolean(false)) {
                        throw refusal("pre_tokenizer has add_prefix_space, which is not supported");
                    }
                    if (step.path("use_regex").asBoolean(true)) {
                        stages.add(known(PreTokenizer.GPT2, step));
                    }
                }
                default ->
                    throw refusal("pre_tokenizer has %s; supported are Split, Digits and ByteLevel".formatted(step));
            }
        }
        if (!byteLevel) {
            throw refusal(
                    "pre_tokenizer has no ByteLevel, and the model no byte_fallback: neither kind that is supported");
        }
        return new PreTokenizer(composes(), model.path("ignore_merges").asBoolean(false), stages);
    }

    private Pattern split(JsonNode step) throws ModelFormatException {
        boolean isolates = step.path("behavior").asString("").equals("Isolated")
                && !step.path("invert").asBoolean(false);
        // Cutting out the gaps and joining nothing to them is the same, if the expression leaves no gaps.
        boolean removesGaps = step.path("behavior").asString("").equals("Removed")
                && step.path("invert").asBoolean(false);
        if (!isolates && !removesGaps) {
            throw refusal("pre_tokenizer has %s; supported is the behavior Isolated".formatted(step));
        }
        return known(step.path("pattern").path("Regex").asString(""), step);
    }

    private Pattern known(String expression, JsonNode step) throws ModelFormatException {
        return PreTokenizer.expression(expression)
                .orElseThrow(() ->
                        refusal("pre_tokenizer has %s, an expression that the engine does not know".formatted(step)));
    }

    private SentencePieceBpe.LeadingSpace leadingSpace() throws ModelFormatException {
        SentencePieceBpe.LeadingSpace leading = SentencePieceBpe.LeadingSpace.NEVER;
        for (JsonNode step : steps(json.path("normalizer"), "normalizers")) {
            String type = step.path("type").asString("");
            if (type.equals("Prepend") && step.path("prepend").asString("").equals("\u2581")) {
                leading = SentencePieceBpe.LeadingSpace.ALWAYS;
            } else if (!type.equals("Replace")
                    || !step.path("pattern").path("String").asString("").equals(" ")
                    || !step.path("content").asString("").equals("\u2581")) {
                throw refusal("normalizer has %s; supported are ▁ before the text and for spaces".formatted(step));
            }
        }
        for (JsonNode step : steps(json.path("pre_tokenizer"), "pretokenizers")) {
            if (!step.path("type").asString("").equals("Metaspace")
                    || !step.path("replacement").asString("").equals("\u2581")
                    || step.path("split").asBoolean(true)) {
                throw refusal(
                        "pre_tokenizer has %s; supported is Metaspace with ▁ that does not split".formatted(step));
            }
            leading = switch (step.path("prepend_scheme").asString("always")) {
                case "first" -> SentencePieceBpe.LeadingSpace.FIRST;
                case "always" -> SentencePieceBpe.LeadingSpace.EACH;
                default -> SentencePieceBpe.LeadingSpace.NEVER;
            };
        }
        return leading;
    }
}
