package dev.guildhall.engine.tokenizer;

import dev.guildhall.engine.format.ModelFormatException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A model file's metadata, read with the types that are expected. */
record Metadata(Path file, Map<String, Object> values) implements TextSource {

    /** The state of the last token stands for the text. */
    private static final long POOLING_LAST = 3;

    @Override
    public Tokenizer tokenizer() throws ModelFormatException {
        return Tokenizers.fromGguf(this);
    }

    @Override
    public Optional<ChatTemplate> chatTemplate(Tokenizer tokenizer) throws ModelFormatException {
        return ChatTemplate.fromGguf(this, tokenizer);
    }

    /** Files that say nothing were made before GGUF had a word for it. */
    @Override
    public void requireLastTokenPooling() throws ModelFormatException {
        String key = values.get("general.architecture") + ".pooling_type";
        Object pooling = values.getOrDefault(key, POOLING_LAST);
        if (!pooling.equals(POOLING_LAST)) {
            throw refusal("%s is %s; the engine knows %d (the last token)".formatted(key, pooling, POOLING_LAST));
        }
    }

    ModelFormatException refusal(String problem) {
        return new ModelFormatException(file, problem);
    }

    boolean has(String key) {
        return values.containsKey(key);
    }

    String string(String key) throws ModelFormatException {
        return typed(key, String.class);
    }

    String string(String key, String otherwise) throws ModelFormatException {
        return has(key) ? string(key) : otherwise;
    }

    boolean flag(String key) throws ModelFormatException {
        return has(key) && typed(key, Boolean.class);
    }

    int tokenId(String key, int vocabularySize) throws ModelFormatException {
        long id = typed(key, Long.class);
        if (id < 0 || id >= vocabularySize) {
            throw refusal("%s is %d, outside the vocabulary of %d tokens".formatted(key, id, vocabularySize));
        }
        return (int) id;
    }

    List<String> strings(String key) throws ModelFormatException {
        return list(key, String.class);
    }

    List<Long> integers(String key) throws ModelFormatException {
        return list(key, Long.class);
    }

    List<Double> reals(String key) throws ModelFormatException {
        return list(key, Double.class);
    }

    private <T> List<T> list(String key, Class<T> type) throws ModelFormatException {
        List<?> list = typed(key, List.class);
        List<T> typed = new ArrayList<>(list.size());
        for (Object element : list) {
            if (!type.isInstance(element)) {
                throw refusal("%s[%d] is no %s".formatted(key, typed.size(), type.getSimpleName()));
            }
            typed.add(type.cast(element));
        }
        return typed;
    }

    private <T> T typed(String key, Class<T> type) throws ModelFormatException {
        @Nullable Object value = values.get(key);
        if (!type.isInstance(value)) {
            throw refusal(
                    value == null
                            ? "%s is missing; the file needs it to be used as a language model".formatted(key)
                            : "%s is %s; expected a %s".formatted(key, value, type.getSimpleName()));
        }
        return type.cast(value);
    }
}
