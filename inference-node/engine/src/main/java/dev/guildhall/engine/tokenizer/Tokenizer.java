package dev.guildhall.engine.tokenizer;

import dev.guildhall.engine.format.ModelFormatException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;

/**
 * The vocabulary of one model. Safe for use by many threads.
 *
 * <p>Data and control are apart: {@link #encode} turns any text, whoever wrote it, into ordinary tokens only, so
 * {@code <|im_end|>} inside a message stays text. Control tokens come from the model's own template alone.
 */
public interface Tokenizer {

    /** Longest text that is encoded at once; a longer one is refused. */
    int TEXT_CHARS_MAX = 64 << 20;

    /** Reads the vocabulary out of a GGUF file's metadata; the file itself is only named in errors. */
    static Tokenizer fromGguf(Path file, Map<String, Object> metadata) throws ModelFormatException {
        return Tokenizers.fromGguf(new Metadata(file, metadata));
    }

    /** Reads the vocabulary of a GGUF file, or of a directory of the hub. */
    static Tokenizer load(Path model) throws IOException {
        return TextSource.of(model).tokenizer();
    }

    /** Tokens of text that is data: never a control token. */
    int[] encode(String text);

    /** Tokens of text that the program itself wrote: names of control tokens in it become control tokens. */
    int[] encodeWithControlTokens(String trusted);

    /** Tokens of text in which some parts were written by the program: names of control tokens count only there. */
    int[] encode(String text, TrustedRanges trusted);

    /** Tells which parts of a text can be trusted. */
    @FunctionalInterface
    interface TrustedRanges {
        boolean covers(int start, int end);
    }

    /**
     * Asks for what stands between two texts.
     *
     * @throws UnsupportedOperationException when the vocabulary has no tokens for it
     */
    int[] fillPrompt(String prefix, String suffix);

    /** The text of ordinary tokens; control tokens give none. Bytes that are not UTF-8 become U+FFFD. */
    String decode(int[] ids);

    /** The bytes that a token stands for; for a control token, the bytes of its name. Not to be changed. */
    byte[] bytes(int id);

    TokenKind kind(int id);

    default boolean isControl(int id) {
        return kind(id) == TokenKind.CONTROL;
    }

    /** Entries of the vocabulary, unused ones included; the model's output matrix may have more rows. */
    int vocabularySize();

    /** Control tokens, and tokens such as {@code <tool_call>} that only the template may write, by name. */
    Map<String, Integer> reserved();

    /** Tokens that end an answer. */
    Set<Integer> endOfGeneration();

    /** Tokens that every text starts with; mostly none. */
    int[] textStart();
}
