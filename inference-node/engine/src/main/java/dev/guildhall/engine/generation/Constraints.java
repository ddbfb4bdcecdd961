package dev.guildhall.engine.generation;

import dev.guildhall.engine.generation.grammar.TokenConstraint;
import dev.guildhall.engine.generation.grammar.TokenTrie;
import dev.guildhall.engine.tokenizer.Tokenizer;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The schemas that answers were held to lately, compiled, with the masks that their answers needed. */
final class Constraints {

    private static final int KEPT = 8;

    private final Tokenizer tokenizer;
    private final Map<String, TokenConstraint> bySchema = new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, TokenConstraint> eldest) {
            return size() > KEPT;
        }
    };

    /** Made when it is first needed: it takes a moment, and most command lines never do. */
    private @Nullable TokenTrie trie;

    private @Nullable TokenConstraint anyObject;

    Constraints(Tokenizer tokenizer) {
        this.tokenizer = tokenizer;
    }

    synchronized TokenConstraint jsonSchema(String schema) {
        TokenConstraint known = bySchema.get(schema);
        if (known == null) {
            known = TokenConstraint.jsonSchema(schema, tokenizer, trie());
            bySchema.put(schema, known);
        }
        return known;
    }

    synchronized TokenConstraint jsonObject() {
        if (anyObject == null) {
            anyObject = TokenConstraint.jsonObject(tokenizer, trie());
        }
        return anyObject;
    }

    private TokenTrie trie() {
        if (trie == null) {
            trie = new TokenTrie(tokenizer);
        }
        return trie;
    }
}
