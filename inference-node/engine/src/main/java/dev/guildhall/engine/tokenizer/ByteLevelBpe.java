package dev.guildhall.engine.tokenizer;

import dev.guildhall.engine.format.ModelFormatException;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Byte-level byte-pair encoding, as GPT-2 and most models after it use it. */
final class ByteLevelBpe implements Tokenizer {

    /** Words up to this length are remembered, in a table of so many places where a later word drives out an earlier. */
    private static final int CACHED_WORD_CHARS_MAX = 48;

    private static final int CACHED_WORDS = 1 << 15;

    /** Names by which models end an answer, beside the one that the file declares. */
    private static final Set<String> END_NAMES =
            Set.of("<|im_end|>", "<|endoftext|>", "<|eot_id|>", "<|eom_id|>", "<|end_of_text|>");

    /** A word and its tokens; the array is never changed. */
    private static final class CachedWord {
        private final String word;
        private final int[] ids;

        CachedWord(String word, int[] ids) {
            this.word = word;
            this.ids = ids;
        }
    }

    /** Some vocabularies lack bytes that their training never saw; like the reference, encoding leaves these out. */
    private static final int ABSENT = -1;

    private final byte[][] bytes;
    private final TokenKind[] kinds;
    private final int[] idOfByte = new int[256];
    private final Merges merges;
    private final PreTokenizer preTokenizer;
    private final Map<String, Integer> wholeWords;
    private final Map<String, Integer> reserved;
    private final @Nullable Pattern reservedNames;
    private final Set<Integer> endOfGeneration;
    private final int[] textStart;
    // Racy on purpose: entries are immutable, and a lost or late one only costs merging the word again.
    private final @Nullable CachedWord[] cache = new CachedWord[CACHED_WORDS];

    ByteLevelBpe(Metadata metadata) throws ModelFormatException {
        String model = metadata.string("tokenizer.ggml.model");
        if (!model.equals("gpt2")) {
            throw metadata.refusal(
                    "tokenizer.ggml.model is \"%s\"; supported is gpt2 (byte-level BPE)".formatted(model));
        }
        preTokenizer = PreTokenizer.named(metadata);
        List<String> tokens = metadata.strings("tokenizer.ggml.tokens");
        List<Long> types = metadata.integers("tokenizer.ggml.token_type");
        if (tokens.size() != types.size()) {
            throw metadata.refusal("tokenizer.ggml.tokens has %d entries, tokenizer.ggml.token_type %d"
                    .formatted(tokens.size(), types.size()));
        }

        bytes = new byte[tokens.size()][];
        kinds = new TokenKind[tokens.size()];
        Map<String, Integer> ids = HashMap.newHashMap(tokens.size());
        Map<String, Integer> reservedTokens = new TreeMap<>();
        for (int id = 0; id < bytes.length; id++) {
            String token = tokens.get(id);
            TokenKind kind = kind(types.get(id), token, metadata);
            kinds[id] = kind;
            switch (kind) {
                case TEXT -> {
                    bytes[id] = ByteAlphabet.bytes(token);
                    if (bytes[id].length == 0) {
                        throw metadata.refusal("tokenizer.ggml.tokens[%d] is \"%s\", which is no byte-level token"
                                .formatted(id, token));
                    }
                    ids.putIfAbsent(token, id);
                }
                case CONTROL, ADDED -> {
                    bytes[id] = token.getBytes(StandardCharsets.UTF_8);
                    reservedTokens.putIfAbsent(token, id);
                }
                case UNUSED -> bytes[id] = new byte[0];
            }
        }
        reserved = Collections.unmodifiableMap(reservedTokens);
        reservedNames = reserved.isEmpty()
                ? null
                : Pattern.compile(reserved.keySet().stream()
                        .sorted(Comparator.comparingInt(String::length).reversed())
                        .map(Pattern::quote)
                        .collect(Collectors.joining("|")));
        for (int value = 0; value < 256; value++) {
            Integer id = ids.get(String.valueOf(ByteAlphabet.character(value)));
            if (id == null && value >= ' ' && value <= '~') {
                throw metadata.refusal("tokenizer.ggml.tokens has no token for byte 0x%02x: not a byte-level vocabulary"
                        .formatted(value));
            }
            idOfByte[value] = id == null ? ABSENT : id;
        }
        merges = merges(metadata, ids);
        wholeWords = preTokenizer.takesWholeWords() ? ids : Map.of();
        endOfGeneration = endOfGeneration(metadata);
        textStart = metadata.flag("tokenizer.ggml.add_bos_token")
                ? new int[] {metadata.tokenId("tokenizer.ggml.bos_token_id", bytes.length)}
                : new int[0];
    }

    private static TokenKind kind(long type, String token, Metadata metadata) throws ModelFormatException {
        return switch ((int) type) {
            case 1 -> TokenKind.TEXT;
            case 2, 3 -> TokenKind.CONTROL;
            case 4 -> TokenKind.ADDED;
            case 5 -> TokenKind.UNUSED;
            default ->
                throw metadata.refusal(
                        "tokenizer.ggml.token_type of \"%s\" is %d; expected 1 to 5".formatted(token, type));
        };
    }

    private static Merges merges(Metadata metadata, Map<String, Integer> ids) throws ModelFormatException {
        List<String> lines = metadata.strings("tokenizer.ggml.merges");
        Merges merges = new Merges(lines.size());
        for (int rank = 0; rank < lines.size(); rank++) {
            String line = lines.get(rank);
            int space = line.indexOf(' ', 1);
            Integer left = space < 0 ? null : ids.get(line.substring(0, space));
            Integer right = space < 0 ? null : ids.get(line.substring(space + 1));
            Integer joined = left == null || right == null
                    ? null
                    : ids.get(line.substring(0, space).concat(line.substring(space + 1)));
            if (left == null || right == null || joined == null) {
                throw metadata.refusal("tokenizer.ggml.merges[%d] is \"%s\": its parts or their join are no tokens"
                        .formatted(rank, line));
            }
            merges.add(left, right, joined);
        }
        return merges;
    }

    private Set<Integer> endOfGeneration(Metadata metadata) throws ModelFormatException {
        Set<Integer> ends = new TreeSet<>();
        for (String key : List.of("tokenizer.ggml.eos_token_id", "tokenizer.ggml.eot_token_id")) {
            if (metadata.has(key)) {
                ends.add(metadata.tokenId(key, bytes.length));
            }
        }
        END_NAMES.stream().filter(reserved::containsKey).map(reserved::get).forEach(ends::add);
        return Collections.unmodifiableSet(ends);
    }

    @Override
    public int[] encode(String text) {
        TokenBuffer tokens = new TokenBuffer(text.length() / 3 + 8);
        encode(text, tokens);
        return tokens.toArray();
    }

    @Override
    public int[] encodeWithControlTokens(String trusted) {
        TokenBuffer tokens = new TokenBuffer(trusted.length() / 3 + 8);
        int end = 0;
        if (reservedNames != null) {
            Matcher matcher = reservedNames.matcher(trusted);
            while (matcher.find()) {
                encode(trusted.substring(end, matcher.start()), tokens);
                tokens.add(reservedId(matcher.group()));
                end = matcher.end();
            }
        }
        encode(trusted.substring(end), tokens);
        return tokens.toArray();
    }

    private int reservedId(String name) {
        Integer id = reserved.get(name);
        if (id == null) {
            throw new IllegalStateException("no reserved token " + name);
        }
        return id;
    }

    private void encode(String text, TokenBuffer tokens) {
        if (text.length() > TEXT_CHARS_MAX) {
            throw new IllegalArgumentException("text has %,d characters; at most %,d are encoded at once"
                    .formatted(text.length(), TEXT_CHARS_MAX));
        }
        preTokenizer.split(text, word -> tokens.add(encodeWord(word)));
    }

    private int[] encodeWord(String word) {
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

    private int[] mergeWord(String word) {
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

    @Override
    public String decode(int[] ids) {
        ByteArrayOutputStream text = new ByteArrayOutputStream(ids.length * 4);
        for (int id : ids) {
            if (!isControl(id)) {
                text.writeBytes(bytes(id));
            }
        }
        return text.toString(StandardCharsets.UTF_8);
    }

    @Override
    public byte[] bytes(int id) {
        return bytes[checked(id)];
    }

    @Override
    public TokenKind kind(int id) {
        return kinds[checked(id)];
    }

    private int checked(int id) {
        if (id < 0 || id >= bytes.length) {
            throw new IllegalArgumentException(
                    "token %d is outside the vocabulary of %,d tokens".formatted(id, bytes.length));
        }
        return id;
    }

    @Override
    public int vocabularySize() {
        return bytes.length;
    }

    @Override
    public Map<String, Integer> reserved() {
        return reserved;
    }

    @Override
    public Set<Integer> endOfGeneration() {
        return endOfGeneration;
    }

    @Override
    public int[] textStart() {
        return textStart.clone();
    }

    /** A growing list of token ids. */
    private static final class TokenBuffer {
        private int[] ids;
        private int size;

        TokenBuffer(int capacity) {
            ids = new int[capacity];
        }

        void add(int... more) {
            if (size + more.length > ids.length) {
                ids = Arrays.copyOf(ids, Math.max(ids.length * 2, size + more.length));
            }
            System.arraycopy(more, 0, ids, size, more.length);
            size += more.length;
        }

        int[] toArray() {
            return Arrays.copyOf(ids, size);
        }
    }
}
