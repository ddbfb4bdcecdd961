package dev.guildhall.engine.tokenizer;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What both kinds of byte-pair vocabularies have in common. */
abstract sealed class BpeTokenizer implements Tokenizer permits ByteLevelBpe, SentencePieceBpe {

    /** Words up to this length are remembered, in a table of so many places where a later word drives out an earlier. */
    private static final int CACHED_WORD_CHARS_MAX = 48;

    private static final int CACHED_WORDS = 1 << 15;

    /** A word and its tokens; the array is never changed. */
    private static final class CachedWord {
        private final String word;
        private final int[] ids;

        CachedWord(String word, int[] ids) {
            this.word = word;
            this.ids = ids;
        }
    }

    private final byte[][] bytes;
    private final List<TokenKind> kinds;
    private final Map<String, Integer> reserved;
    private final @Nullable Pattern reservedNames;
    private final Set<Integer> endOfGeneration;
    private final int[] textStart;
    private final @Nullable FillTokens fillTokens;
    // Racy on purpose: entries are immutable, and a lost or late one only costs merging the word again.
    private final @Nullable CachedWord[] cache = new CachedWord[CACHED_WORDS];

    /** @param textBytes of each token that is text; may hold null for others */
    BpeTokenizer(Vocabulary vocabulary, byte[] @Nullable [] textBytes) {
        kinds = vocabulary.kinds();
        reserved = vocabulary.reserved();
        bytes = new byte[kinds.size()][];
        for (int id = 0; id < bytes.length; id++) {
            byte[] text = textBytes[id];
            bytes[id] = switch (kinds.get(id)) {
                case TEXT -> text == null ? new byte[0] : text;
                case CONTROL, ADDED -> vocabulary.tokens().get(id).getBytes(StandardCharsets.UTF_8);
                case UNUSED -> new byte[0];
            };
        }
        reservedNames = reserved.isEmpty()
                ? null
                : Pattern.compile(reserved.keySet().stream()
                        .sorted(Comparator.comparingInt(String::length).reversed())
                        .map(Pattern::quote)
                        .collect(Collectors.joining("|")));
        endOfGeneration = vocabulary.endOfGeneration(reserved);
        textStart = vocabulary.textStart().stream().mapToInt(Integer::intValue).toArray();
        fillTokens = FillTokens.of(vocabulary, reserved);
    }

    /** Cuts text into words and hands on the tokens of each. */
    abstract void encode(String text, boolean first, TokenBuffer tokens);

    /** The tokens of one word, freshly merged. */
    abstract int[] mergeWord(String word);

    /** Undoes what encoding put before the text. */
    String withoutFrame(String text) {
        return text;
    }

    final int[] encodeWord(String word) {
        if (word.length() > CACHED_WORD_CHARS_MAX) {
            return mergeWord(word);
        }
        int hash = word.hashCode();
        int place = (hash ^ hash >>> 15) & CACHED_WORDS - 1;
        CachedWord cached = cache[place];
        if (cached != null && cached.word.equals(word)) {
            return cached.ids;
        }
        int[] ids = mergeWord(word);
        cache[place] = new CachedWord(word, ids);
        return ids;
    }

    @Override
    public final int[] encode(String text) {
        TokenBuffer tokens = new TokenBuffer(text.length() / 3 + 8);
        encodeChecked(text, true, tokens);
        return tokens.toArray();
    }

    @Override
    public final int[] encodeWithControlTokens(String trusted) {
        return encode(trusted, (start, end) -> true);
    }

    @Override
    public final int[] encode(String text, TrustedRanges trusted) {
        TokenBuffer tokens = new TokenBuffer(text.length() / 3 + 8);
        int end = 0;
        if (reservedNames != null) {
            Matcher matcher = reservedNames.matcher(text);
            int from = 0;
            while (matcher.find(from)) {
                if (!trusted.covers(matcher.start(), matcher.end())) {
                    // A trusted name may begin within what only looks like one.
                    from = matcher.start() + 1;
                    continue;
                }
                encodeChecked(text.substring(end, matcher.start()), end == 0, tokens);
                tokens.add(reservedId(matcher.group()));
                end = matcher.end();
                from = end;
            }
        }
        encodeChecked(text.substring(end), end == 0, tokens);
        return tokens.toArray();
    }

    private void encodeChecked(String text, boolean first, TokenBuffer tokens) {
        if (text.length() > TEXT_CHARS_MAX) {
            throw new IllegalArgumentException("text has %,d characters; at most %,d are encoded at once"
                    .formatted(text.length(), TEXT_CHARS_MAX));
        }
        if (!text.isEmpty()) {
            encode(text, first, tokens);
        }
    }

    private int reservedId(String name) {
        Integer id = reserved.get(name);
        if (id == null) {
            throw new IllegalStateException("no reserved token " + name);
        }
        return id;
    }

    @Override
    public final int[] fillPrompt(String prefix, String suffix) {
        if (fillTokens == null) {
            throw new UnsupportedOperationException(
                    "the model's vocabulary has no tokens for filling in the middle; use a model that was trained for"
                            + " it");
        }
        TokenBuffer tokens = new TokenBuffer((prefix.length() + suffix.length()) / 3 + 8);
        tokens.add(textStart);
        tokens.add(fillTokens.prefix());
        encodeChecked(prefix, true, tokens);
        tokens.add(fillTokens.suffix());
        encodeChecked(suffix, false, tokens);
        tokens.add(fillTokens.middle());
        return tokens.toArray();
    }

    @Override
    public final String decode(int[] ids) {
        ByteArrayOutputStream text = new ByteArrayOutputStream(ids.length * 4);
        for (int id : ids) {
            if (!isControl(id)) {
                text.writeBytes(bytes(id));
            }
        }
        return withoutFrame(text.toString(StandardCharsets.UTF_8));
    }

    @Override
    public final byte[] bytes(int id) {
        return bytes[checked(id)];
    }

    @Override
    public final TokenKind kind(int id) {
        return kinds.get(checked(id));
    }

    private int checked(int id) {
        if (id < 0 || id >= bytes.length) {
            throw new IllegalArgumentException(
                    "token %d is outside the vocabulary of %,d tokens".formatted(id, bytes.length));
        }
        return id;
    }

    @Override
    public final int vocabularySize() {
        return bytes.length;
    }

    @Override
    public final Map<String, Integer> reserved() {
        return reserved;
    }

    @Override
    public final Set<Integer> endOfGeneration() {
        return endOfGeneration;
    }

    @Override
    public final int[] textStart() {
        return textStart.clone();
    }

    /** What stands before, between and behind the two parts of a text with a gap. */
    private record FillTokens(int prefix, int suffix, int middle) {

        static @Nullable FillTokens of(Vocabulary vocabulary, Map<String, Integer> reserved) {
            Integer prefix = vocabulary.role("fim_prefix", reserved);
            Integer suffix = vocabulary.role("fim_suffix", reserved);
            Integer middle = vocabulary.role("fim_middle", reserved);
            return prefix == null || suffix == null || middle == null ? null : new FillTokens(prefix, suffix, middle);
        }
    }
}
