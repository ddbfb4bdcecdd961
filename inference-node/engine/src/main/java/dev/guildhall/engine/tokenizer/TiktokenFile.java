package dev.guildhall.engine.tokenizer;

import dev.guildhall.engine.format.ModelFormatException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/**
 * The vocabulary of Kimi K2: tiktoken.model has a token a line, its bytes in base 64 and its rank, which is its id. A pair joins into a
 * token of the lowest rank, whatever its parts. Special tokens are in tokenizer_config.json.
 */
final class TiktokenFile {

    static final String NAME = "tiktoken.model";

    private TiktokenFile() {}

    static Tokenizer read(HubFiles files) throws IOException {
        List<String> tokens = new ArrayList<>();
        Map<String, Integer> ids = new HashMap<>();
        String text = new String(files.bytes(NAME), StandardCharsets.US_ASCII);
        for (String line : text.lines().toList()) {
            if (!line.isBlank()) {
                String token = token(line, tokens.size(), files);
                ids.putIfAbsent(token, tokens.size());
                tokens.add(token);
            }
        }
        List<String> merges = new ArrayList<>();
        for (String token : tokens) {
            for (int cut = 1; cut < token.length(); cut++) {
                if (ids.containsKey(token.substring(0, cut)) && ids.containsKey(token.substring(cut))) {
                    merges.add(token.substring(0, cut) + " " + token.substring(cut));
                }
            }
        }
        List<TokenKind> kinds = new ArrayList<>();
        tokens.forEach(token -> kinds.add(TokenKind.TEXT));
        JsonNode added = files.required("tokenizer_config.json").path("added_tokens_decoder");
        for (Map.Entry<String, JsonNode> entry : added.properties()) {
            int id = entry.getKey().matches("\\d{1,7}") ? Integer.parseInt(entry.getKey()) : -1;
            String content = entry.getValue().path("content").asString("");
            if (id < 0 || id >= Vocabulary.TOKENS_MAX || content.isEmpty()) {
                throw new ModelFormatException(
                        files.path("tokenizer_config.json"),
                        "added_tokens_decoder has %s: %s, no token with an id"
                                .formatted(entry.getKey(), entry.getValue()));
            }
            while (tokens.size() <= id) {
                tokens.add("");
                kinds.add(TokenKind.UNUSED);
            }
            if (kinds.get(id) != TokenKind.UNUSED) {
                throw new ModelFormatException(
                        files.path("tokenizer_config.json"),
                        "added_tokens_decoder has \"%s\" with id %d, which %s has already"
                                .formatted(content, id, NAME));
            }
            tokens.set(id, content);
            kinds.set(
                    id,
                    entry.getValue().path("special").asBoolean(false) ? Vocabulary.special(content) : TokenKind.ADDED);
            ids.put(content, id);
        }
        Vocabulary vocabulary =
                new Vocabulary(files.path(NAME), tokens, kinds, files.ends(ids), List.of(), files.roles(ids));
        return ByteLevelBpe.of(vocabulary, merges, PreTokenizer.tiktoken());
    }

    private static String token(String line, int rank, HubFiles files) throws ModelFormatException {
        int space = line.indexOf(' ');
        byte[] bytes;
        try {
            if (space < 1 || Integer.parseInt(line.substring(space + 1).strip()) != rank) {
                throw new IllegalArgumentException("not the next rank");
            }
            bytes = Base64.getDecoder().decode(line.substring(0, space));
        } catch (IllegalArgumentException e) {
            throw new ModelFormatException(
                    files.path(NAME),
                    "line %d is \"%s\"; expected are a token in base 64 and the rank %d"
                            .formatted(rank + 1, line, rank));
        }
        StringBuilder written = new StringBuilder(bytes.length);
        for (byte value : bytes) {
            written.append(ByteAlphabet.character(value & 0xFF));
        }
        return written.toString();
    }
}
