package dev.guildhall.engine.generation.grammar;

import dev.guildhall.engine.tokenizer.Tokenizer;
import java.util.Arrays;
import java.util.Collection;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * What answers must look like. Compiled once and reused: the masks that were computed for one answer serve the next.
 * Compile it anywhere; follow it with one thread.
 */
public final class TokenConstraint {

    /** States that are remembered; beyond it, all but the current one are forgotten. */
    private static final int STATES_MAX = 20_000;

    /** Masks that are remembered, 19 KB each for 150,000 tokens; beyond it, everything is forgotten likewise. */
    private static final int MASKS_MAX = 512;

    /** A mask of fewer tokens is found again in no time. */
    private static final int REMEMBERED_TOKENS_MIN = 1_024;

    private static final int SCHEMA_CHARACTERS_MAX = 256 << 10;
    private static final int SCHEMA_DEPTH_MAX = 400;
    private static final int CHOICES_MAX = 2_000;

    private static final JsonMapper MAPPER = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(SCHEMA_DEPTH_MAX)
                            .build())
                    .build())
            .build();

    private final Expression grammar;
    private final Tokenizer tokenizer;
    private final TokenTrie trie;
    private volatile Automaton automaton; // replaced by the thread that follows answers, read where they begin

    private TokenConstraint(Expression grammar, Tokenizer tokenizer, TokenTrie trie) {
        this.grammar = grammar;
        this.tokenizer = tokenizer;
        this.trie = trie;
        this.automaton = new Automaton(grammar);
    }

    /**
     * Answers that are valid against a JSON schema.
     *
     * @throws SchemaException naming what is not supported
     */
    public static TokenConstraint jsonSchema(String schema, Tokenizer tokenizer, TokenTrie trie) {
        if (schema.length() > SCHEMA_CHARACTERS_MAX) {
            throw new SchemaException("the schema has %,d characters; at most %,d are read"
                    .formatted(schema.length(), SCHEMA_CHARACTERS_MAX));
        }
        JsonNode parsed;
        try {
            parsed = MAPPER.readTree(schema);
        } catch (JacksonException e) {
            throw new SchemaException("the schema is no JSON that can be read: " + e.getOriginalMessage());
        }
        return new TokenConstraint(SchemaCompiler.compile(parsed), tokenizer, trie);
    }

    /** Answers that are a JSON object, whatever is in it. */
    public static TokenConstraint jsonObject(Tokenizer tokenizer, TokenTrie trie) {
        return new TokenConstraint(Json.OBJECT, tokenizer, trie);
    }

    /**
     * Answers that match a regular expression as a whole.
     *
     * @throws SchemaException naming what is not supported
     */
    public static TokenConstraint regex(String pattern, Tokenizer tokenizer, TokenTrie trie) {
        Expression grammar =
                RegexParser.whole(pattern, "the regular expression").expression(Alphabet.PLAIN);
        return new TokenConstraint(grammar, tokenizer, trie);
    }

    /** Answers that are one of {@code texts}. */
    public static TokenConstraint choice(Collection<String> texts, Tokenizer tokenizer, TokenTrie trie) {
        if (texts.isEmpty() || texts.size() > CHOICES_MAX || texts.contains("")) {
            throw new SchemaException("there are %,d texts to choose from; allowed is 1 to %,d, none of them empty"
                    .formatted(texts.size(), CHOICES_MAX));
        }
        return new TokenConstraint(Expression.oneOfTexts(texts), tokenizer, trie);
    }

    /** A new answer, of which nothing is written yet. */
    public Progress begin() {
        return new Progress(automaton);
    }

    private static int count(long[] bits) {
        int count = 0;
        for (long word : bits) {
            count += Long.bitCount(word);
        }
        return count;
    }

    /** How far one answer has come. */
    public final class Progress {

        private final long[] allowed = trie.noTokens();
        private Automaton runs;
        private State state;

        private Progress(Automaton runs) {
            this.runs = runs;
            this.state = runs.start();
        }

        /** A bit for each token that may come next; valid until the next call. */
        public long[] allowed() {
            State like = runs.relaxed(state, TokenTrie.SHORT_BYTES_MAX);
            long[] known = like.shortTokens;
            if (known == null) {
                Arrays.fill(allowed, 0);
                trie.addShort(runs, like, allowed);
                if (count(allowed) >= REMEMBERED_TOKENS_MIN) {
                    like.shortTokens = allowed.clone();
                    runs.countMask();
                }
            } else {
                System.arraycopy(known, 0, allowed, 0, allowed.length);
            }
            trie.addLongAndEnds(runs, runs.relaxed(state, trie.tokenBytesMax()), allowed);
            return allowed;
        }

        /** Goes on with a token that {@link #allowed} has. */
        public void accept(int token) {
            State after = state;
            for (byte value : tokenizer.bytes(token)) {
                State next = runs.next(after, value & 0xFF);
                if (next == null) {
                    throw new IllegalArgumentException("token %d is not allowed here".formatted(token));
                }
                after = next;
            }
            state = after;
            if (runs.stateCount() > STATES_MAX || runs.maskCount() > MASKS_MAX) {
                forget();
            }
        }

        /** The answer is complete and nothing can follow. */
        public boolean isFinished() {
            return state.accepting && state.paths.length == 0;
        }

        private void forget() {
            Automaton fresh = new Automaton(grammar);
            state = fresh.adopt(state);
            if (runs == automaton) {
                automaton = fresh;
            }
            runs = fresh;
        }
    }
}
