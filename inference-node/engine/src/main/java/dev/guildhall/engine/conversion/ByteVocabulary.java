package dev.guildhall.engine.conversion;

import dev.guildhall.engine.tokenizer.ByteAlphabet;
import dev.guildhall.engine.tokenizer.TokenKind;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The smallest vocabulary that can spell any text: every byte, pairs of bytes as far as there is room, and one end token. */
final class ByteVocabulary {

    private static final int BYTES = 256;

    private ByteVocabulary() {}

    static Map<String, Object> metadata(int size) {
        if (size <= BYTES) {
            throw new ConversionException(
                    "the model's vocabulary has %d tokens, too few for all bytes and an end token".formatted(size));
        }
        List<String> tokens = new ArrayList<>();
        List<Long> types = new ArrayList<>();
        List<String> merges = new ArrayList<>();
        for (int value = 0; value < BYTES; value++) {
            add(letter(value), TokenKind.TEXT, tokens, types);
        }
        for (int pair = 0; pair < BYTES * BYTES && tokens.size() < size - 1; pair++) {
            String first = letter(pair / BYTES);
            String second = letter(pair % BYTES);
            add(first + second, TokenKind.TEXT, tokens, types);
            merges.add(first + " " + second);
        }
        while (tokens.size() < size - 1) {
            add("[unused " + tokens.size() + "]", TokenKind.UNUSED, tokens, types);
        }
        add("<|endoftext|>", TokenKind.CONTROL, tokens, types);

        Map<String, Object> metadata = new LinkedHashMap<>();
        metadata.put("tokenizer.ggml.model", "gpt2");
        metadata.put("tokenizer.ggml.pre", "qwen2");
        metadata.put("tokenizer.ggml.tokens", tokens);
        metadata.put("tokenizer.ggml.token_type", types);
        metadata.put("tokenizer.ggml.merges", merges);
        metadata.put("tokenizer.ggml.eos_token_id", size - 1L);
        metadata.put("tokenizer.ggml.add_bos_token", false);
        return metadata;
    }

    private static String letter(int value) {
        return Character.toString(ByteAlphabet.character(value));
    }

    private static void add(String token, TokenKind kind, List<String> tokens, List<Long> types) {
        tokens.add(token);
        types.add(kind.ggufType());
    }
}
