package dev.guildhall.engine.tokenizer;

import dev.guildhall.engine.chat.ChatFormat;
import dev.guildhall.engine.format.ModelFormatException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What a file says of its tokens, whatever its form.
 *
 * @param file named in errors
 * @param tokens as the file writes them, by id
 * @param ends tokens that the file itself says end an answer
 * @param textStart tokens that every text starts with
 * @param roles tokens by what they are for: {@code bos}, {@code eos}, {@code fim_prefix}…
 */
record Vocabulary(
        Path file,
        List<String> tokens,
        List<TokenKind> kinds,
        Set<Integer> ends,
        List<Integer> textStart,
        Map<String, Integer> roles) {

    static final int TOKENS_MAX = 1 << 22;

    /** Names by which models end an answer, beside the ones that the file declares. */
    private static final Set<String> END_NAMES =
            Set.of("<|im_end|>", "<|endoftext|>", "<|eot_id|>", "<|eom_id|>", "<|end_of_text|>", "[EOS]", "[EOT]");

    /** Names by which models know the gap that they fill, where the file does not say. */
    private static final Map<String, List<String>> FILL_NAMES = Map.of(
            "fim_prefix", List.of("<|fim_prefix|>", "<fim_prefix>", "<fim-prefix>", "<｜fim▁begin｜>", "<PRE>"),
            "fim_suffix", List.of("<|fim_suffix|>", "<fim_suffix>", "<fim-suffix>", "<｜fim▁hole｜>", "<SUF>"),
            "fim_middle", List.of("<|fim_middle|>", "<fim_middle>", "<fim-middle>", "<｜fim▁end｜>", "<MID>"));

    ModelFormatException refusal(String problem) {
        return new ModelFormatException(file, problem);
    }

    /** Control tokens, and tokens that only templates write, by name. */
    Map<String, Integer> reserved() {
        Map<String, Integer> reserved = new TreeMap<>();
        for (int id = 0; id < tokens.size(); id++) {
            if (kinds.get(id) == TokenKind.CONTROL || kinds.get(id) == TokenKind.ADDED) {
                reserved.putIfAbsent(tokens.get(id), id);
            }
        }
        return Collections.unmodifiableMap(reserved);
    }

    Set<Integer> endOfGeneration(Map<String, Integer> reserved) {
        Set<Integer> all = new TreeSet<>(ends);
        END_NAMES.stream().filter(reserved::containsKey).map(reserved::get).forEach(all::add);
        return Collections.unmodifiableSet(all);
    }

    /** The token for a role, by the file's word or by its name. */
    @Nullable
    Integer role(String role, Map<String, Integer> reserved) {
        Integer told = roles.get(role);
        if (told != null) {
            return told;
        }
        return FILL_NAMES.getOrDefault(role, List.of()).stream()
                .filter(reserved::containsKey)
                .map(reserved::get)
                .findFirst()
                .orElse(null);
    }

    /** What a special token is: some are marks of an answer's parts, which its text has to show. */
    static TokenKind special(String token) {
        return ChatFormat.shownTokens().contains(token) ? TokenKind.ADDED : TokenKind.CONTROL;
    }

    static Vocabulary fromGguf(Metadata metadata) throws ModelFormatException {
        List<String> tokens = metadata.strings("tokenizer.ggml.tokens");
        List<Long> types = metadata.integers("tokenizer.ggml.token_type");
        if (tokens.size() != types.size()) {
            throw metadata.refusal("tokenizer.ggml.tokens has %d entries, tokenizer.ggml.token_type %d"
                    .formatted(tokens.size(), types.size()));
        }
        TokenKind[] kinds = new TokenKind[tokens.size()];
        for (int id = 0; id < kinds.length; id++) {
            kinds[id] = kind(types.get(id), tokens.get(id), metadata);
        }
        Map<String, Integer> roles = new TreeMap<>();
        for (String role : List.of("bos", "eos", "eot", "fim_pre", "fim_suf", "fim_mid")) {
            String key = "tokenizer.ggml." + role + "_token_id";
            if (metadata.has(key)) {
                roles.put(longRole(role), metadata.tokenId(key, kinds.length));
            }
        }
        // Files of the time before these keys had other words.
        for (String role : List.of("prefix", "suffix", "middle")) {
            String key = "tokenizer.ggml." + role + "_token_id";
            if (metadata.has(key)) {
                roles.putIfAbsent("fim_" + role, metadata.tokenId(key, kinds.length));
            }
        }
        Set<Integer> ends = new TreeSet<>();
        for (String role : List.of("eos", "eot")) {
            if (roles.containsKey(role)) {
                ends.add(roles.get(role));
            }
        }
        boolean sentencePiece = metadata.string("tokenizer.ggml.model").equals("llama");
        boolean startsWithBos = metadata.has("tokenizer.ggml.add_bos_token")
                ? metadata.flag("tokenizer.ggml.add_bos_token")
                : sentencePiece && roles.containsKey("bos");
        List<Integer> textStart =
                startsWithBos ? List.of(metadata.tokenId("tokenizer.ggml.bos_token_id", kinds.length)) : List.of();
        return new Vocabulary(
                metadata.file(), tokens, Arrays.asList(kinds), Set.copyOf(ends), textStart, Map.copyOf(roles));
    }

    /** As GGUF has them: ids that stand for nothing need a name. */
    List<String> writtenTokens() {
        List<String> written = new ArrayList<>(tokens.size());
        for (String token : tokens) {
            written.add(token.isEmpty() ? "[PAD%d]".formatted(written.size()) : token);
        }
        return written;
    }

    List<Long> ggufTypes() {
        return kinds.stream().map(TokenKind::ggufType).toList();
    }

    private static String longRole(String role) {
        return switch (role) {
            case "fim_pre" -> "fim_prefix";
            case "fim_suf" -> "fim_suffix";
            case "fim_mid" -> "fim_middle";
            default -> role;
        };
    }

    private static TokenKind kind(long type, String token, Metadata metadata) throws ModelFormatException {
        return switch (Math.clamp(type, 0, Integer.MAX_VALUE)) {
            // 6 is a single byte, which its name tells.
            case 1, 6 -> TokenKind.TEXT;
            case 2, 3 -> special(token);
            case 4 -> TokenKind.ADDED;
            case 5 -> TokenKind.UNUSED;
            default ->
                throw metadata.refusal(
                        "tokenizer.ggml.token_type of \"%s\" is %d; expected 1 to 6".formatted(token, type));
        };
    }
}
