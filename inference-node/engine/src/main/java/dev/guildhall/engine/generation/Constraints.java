package dev.guildhall.engine.generation;

import dev.guildhall.engine.generation.grammar.TokenConstraint;
import dev.guildhall.engine.generation.grammar.TokenTrie;
import dev.guildhall.engine.tokenizer.Tokenizer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The forms that answers were held to lately, compiled, with the masks that their answers needed. */
final class Constraints {

    private static final int KEPT = 16;

    private sealed interface Form {
        record JsonSchema(String schema) implements Form {}

        record JsonObject() implements Form {}

        record Regex(String pattern) implements Form {}

        record Choice(List<String> texts) implements Form {}
    }

    private final Tokenizer tokenizer;
    private final Map<Form, TokenConstraint> byForm = new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Form, TokenConstraint> eldest) {
            return size() > KEPT;
        }
    };

    /** Made when it is first needed: it takes a moment, and most command lines never do. */
    private @Nullable TokenTrie trie;

    Constraints(Tokenizer tokenizer) {
        this.tokenizer = tokenizer;
    }

    synchronized TokenConstraint jsonSchema(String schema) {
        return kept(new Form.JsonSchema(schema), () -> TokenConstraint.jsonSchema(schema, tokenizer, trie()));
    }

    synchronized TokenConstraint jsonObject() {
        return kept(new Form.JsonObject(), () -> TokenConstraint.jsonObject(tokenizer, trie()));
    }

    synchronized TokenConstraint regex(String pattern) {
        return kept(new Form.Regex(pattern), () -> TokenConstraint.regex(pattern, tokenizer, trie()));
    }

    synchronized TokenConstraint choice(List<String> texts) {
        return kept(new Form.Choice(List.copyOf(texts)), () -> TokenConstraint.choice(texts, tokenizer, trie()));
    }

    private TokenConstraint kept(Form form, Supplier<TokenConstraint> compiler) {
        TokenConstraint known = byForm.get(form);
        if (known == null) {
            known = compiler.get();
            byForm.put(form, known);
        }
        return known;
    }

    private TokenTrie trie() {
        if (trie == null) {
            trie = new TokenTrie(tokenizer);
        }
        return trie;
    }
}
