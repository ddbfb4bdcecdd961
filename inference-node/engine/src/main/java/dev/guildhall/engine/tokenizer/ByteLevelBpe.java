package dev.guildhall.engine.tokenizer;

import dev.guildhall.engine.format.ModelFormatException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Byte-level byte-pair encoding, as GPT-2 and most models after it use it. */
final class ByteLevelBpe extends BpeTokenizer {

    /** Some vocabularies lack bytes that their training never saw; like the reference, encoding leaves these out. */
    private static final int ABSENT = -1;

    private final int[] idOfByte = new int[256];
    private final Merges merges;
    private final PreTokenizer preTokenizer;
    private final Map<String, Integer> wholeWords;

    private ByteLevelBpe(
            Vocabulary vocabulary,
            byte[] @Nullable [] textBytes,
            Map<String, Integer> ids,
            List<String> mergeLines,
            PreTokenizer preTokenizer)
            throws ModelFormatException {
        super(vocabulary, textBytes);
        this.preTokenizer = preTokenizer;
        for (int value = 0; value < 256; value++) {
            Integer id = ids.get(String.valueOf(ByteAlphabet.character(value)));
            if (id == null && value >= ' ' && value <= '~') {
                throw vocabulary.refusal(
                        "the vocabulary has no token for byte 0x%02x: it is no byte-level one".formatted(value));
            }
            idOfByte[value] = id == null ? ABSENT : id;
        }
        merges = Merges.of(mergeLines, ids, vocabulary);
        wholeWords = preTokenizer.takesWholeWords() ? ids : Map.of();
    }

    /** @param mergeLines each {@code left right}, the earliest first */
    static ByteLevelBpe of(Vocabulary vocabulary, List<String> mergeLines, PreTokenizer preTokenizer)
            throws ModelFormatException {
        List<String> tokens = vocabulary.tokens();
        byte[][] textBytes = new byte[tokens.size()][];
        Map<String, Integer> ids = HashMap.newHashMap(tokens.size());
        for (int id = 0; id < textBytes.length; id++) {
            if (vocabulary.kinds().get(id) == TokenKind.TEXT) {
                textBytes[id] = ByteAlphabet.bytes(tokens.get(id));
                if (textBytes[id].length == 0) {
                    throw vocabulary.refusal(
                            "token %d is \"%s\", which is no byte-level token".formatted(id, tokens.get(id)));
                }
                ids.putIfAbsent(tokens.get(id), id);
            }
        }
        return new ByteLevelBpe(vocabulary, textBytes, ids, mergeLines, preTokenizer);
    }

    @Override
    void encode(String text, boolean first, TokenBuffer tokens) {
        preTokenizer.split(text, word -> tokens.add(encodeWord(word)));
    }

    @Override
    int[] mergeWord(String word) {
        byte[] utf8 = word.getBytes(StandardCharsets.UTF_8);
        if (!wholeWords.isEmpty()) {
            StringBuilder written = new StringBuilder(utf8.length);
            for (byte value : utf8) {
                written.append(ByteAlphabet.character(value & 0xFF));
            }
            Integer whole = wholeWords.get(written.toString());
            if (whole != null) {
                return new int[] {whole};
            }
        }
        int[] ids = new int[utf8.length];
        int count = 0;
        for (byte value : utf8) {
            int id = idOfByte[value & 0xFF];
            if (id != ABSENT) {
                ids[count++] = id;
            }
        }
        return WordMerger.merge(merges, count == ids.length ? ids : Arrays.copyOf(ids, count));
    }
}
