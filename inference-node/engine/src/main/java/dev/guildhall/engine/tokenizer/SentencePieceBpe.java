package dev.guildhall.engine.tokenizer;

import dev.guildhall.engine.format.ModelFormatException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Byte-pair encoding of characters, as SentencePiece does it: ▁ stands for a space, single bytes for unknown characters. */
final class SentencePieceBpe extends BpeTokenizer {

    private static final char SPACE = '\u2581';
    private static final Pattern BYTE = Pattern.compile("<0x([0-9A-F]{2})>");

    /** Where a space is put before the text. */
    enum LeadingSpace {
        NEVER,
        /** At the very beginning, unless one is there. */
        FIRST,
        /** At the beginning and behind each control token, unless one is there. */
        EACH,
        /** At the beginning and behind each control token. */
        ALWAYS
    }

    private static final int ABSENT = -1;

    private final Map<String, Integer> ids;
    private final int[] idOfByte;
    private final int unknown;
    private final Merges merges;
    private final LeadingSpace leadingSpace;
    private final boolean cutsBeforeSpaces;

    private SentencePieceBpe(
            Vocabulary vocabulary,
            byte[] @Nullable [] textBytes,
            Map<String, Integer> ids,
            int[] idOfByte,
            Merges merges,
            LeadingSpace leadingSpace) {
        super(vocabulary, textBytes);
        this.ids = ids;
        this.idOfByte = idOfByte;
        this.merges = merges;
        this.leadingSpace = leadingSpace;
        this.unknown = reserved().getOrDefault("<unk>", ABSENT);
        this.cutsBeforeSpaces = ids.keySet().stream().noneMatch(SentencePieceBpe::hasSpaceInside);
    }

    /** @param mergeLines each {@code left right}, the earliest first */
    static SentencePieceBpe of(Vocabulary vocabulary, List<String> mergeLines, LeadingSpace leadingSpace)
            throws ModelFormatException {
        return of(vocabulary, leadingSpace, ids -> Merges.of(mergeLines, ids, vocabulary));
    }

    /** @param scores of all tokens: the higher, the earlier it is made, of whatever parts */
    static SentencePieceBpe ofScores(Vocabulary vocabulary, List<Double> scores, LeadingSpace leadingSpace)
            throws ModelFormatException {
        return of(vocabulary, leadingSpace, ids -> {
            List<String> byScore = new ArrayList<>(ids.keySet());
            byScore.sort(Comparator.comparingDouble((String token) -> -scores.get(ids.getOrDefault(token, 0)))
                    .thenComparing(token -> ids.getOrDefault(token, 0)));
            List<String> mergeLines = new ArrayList<>();
            for (String token : byScore) {
                for (int cut = 1; cut < token.length(); cut++) {
                    if (ids.containsKey(token.substring(0, cut)) && ids.containsKey(token.substring(cut))) {
                        mergeLines.add(token.substring(0, cut) + " " + token.substring(cut));
                    }
                }
            }
            return Merges.of(mergeLines, ids, vocabulary);
        });
    }

    private interface MergeSource {
        Merges of(Map<String, Integer> ids) throws ModelFormatException;
    }

    private static SentencePieceBpe of(Vocabulary vocabulary, LeadingSpace leadingSpace, MergeSource merges)
            throws ModelFormatException {
        List<String> tokens = vocabulary.tokens();
        byte[][] textBytes = new byte[tokens.size()][];
        Map<String, Integer> ids = HashMap.newHashMap(tokens.size());
        int[] idOfByte = new int[256];
        Arrays.fill(idOfByte, ABSENT);
        for (int id = 0; id < textBytes.length; id++) {
            if (vocabulary.kinds().get(id) != TokenKind.TEXT) {
                continue;
            }
            Matcher single = BYTE.matcher(tokens.get(id));
            if (single.matches()) {
                int value = Integer.parseInt(single.group(1), 16);
                idOfByte[value] = id;
                textBytes[id] = new byte[] {(byte) value};
            } else {
                textBytes[id] = tokens.get(id).replace(SPACE, ' ').getBytes(StandardCharsets.UTF_8);
                ids.putIfAbsent(tokens.get(id), id);
            }
        }
        return new SentencePieceBpe(vocabulary, textBytes, ids, idOfByte, merges.of(ids), leadingSpace);
    }

    private static boolean hasSpaceInside(String token) {
        for (int i = 1; i < token.length(); i++) {
            if (token.charAt(i) == SPACE && token.charAt(i - 1) != SPACE) {
                return true;
            }
        }
        return false;
    }

    @Override
    void encode(String text, boolean first, TokenBuffer tokens) {
        String written = text.replace(' ', SPACE);
        boolean wanted = switch (leadingSpace) {
            case NEVER -> false;
            case FIRST -> first && written.charAt(0) != SPACE;
            case EACH -> written.charAt(0) != SPACE;
            case ALWAYS -> true;
        };
        if (wanted) {
            written = SPACE + written;
        }
        if (!cutsBeforeSpaces) {
            tokens.add(mergeWord(written));
            return;
        }
        // No token reaches from a word into the spaces behind it, so that words can be looked up one by one.
        int start = 0;
        for (int i = 1; i < written.length(); i++) {
            if (written.charAt(i) == SPACE && written.charAt(i - 1) != SPACE) {
                tokens.add(encodeWord(written.substring(start, i)));
                start = i;
            }
        }
        tokens.add(encodeWord(written.substring(start)));
    }

    @Override
    int[] mergeWord(String word) {
        TokenBuffer pieces = new TokenBuffer(word.length() + 8);
        word.codePoints().forEach(character -> {
            Integer id = ids.get(Character.toString(character));
            if (id != null) {
                pieces.add(id);
                return;
            }
            byte[] utf8 = Character.toString(character).getBytes(StandardCharsets.UTF_8);
            boolean known = true;
            for (byte value : utf8) {
                known &= idOfByte[value & 0xFF] != ABSENT;
            }
            if (!known) {
                if (unknown != ABSENT) {
                    pieces.add(unknown);
                }
                return;
            }
            for (byte value : utf8) {
                pieces.add(idOfByte[value & 0xFF]);
            }
        });
        return WordMerger.merge(merges, pieces.toArray());
    }

    @Override
    String withoutFrame(String text) {
        return leadingSpace != LeadingSpace.NEVER && text.startsWith(" ") ? text.substring(1) : text;
    }
}
