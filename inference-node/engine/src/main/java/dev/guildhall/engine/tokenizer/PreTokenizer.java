package dev.guildhall.engine.tokenizer;

import dev.guildhall.engine.format.ModelFormatException;
import java.text.Normalizer;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * How a model's vocabulary cuts text into words before merging. Each stage cuts the pieces of the stage before it, so
 * that a look-ahead sees no further than its own piece.
 *
 * @param composes text is put into composed form (NFC) first
 * @param takesWholeWords a word that stands in the vocabulary is taken whole, whatever the merges say
 * @param names by which files call it
 */
record PreTokenizer(boolean composes, boolean takesWholeWords, List<String> names, List<Pattern> stages) {

    private static final String GPT2 =
            "'s|'t|'re|'ve|'m|'ll|'d| ?\\p{L}+| ?\\p{N}+| ?[^\\s\\p{L}\\p{N}]+|\\s+(?!\\S)|\\s+";

    private static final List<PreTokenizer> KNOWN = List.of(
            of(false, false, List.of("gpt-2", "default"), GPT2),
            of(false, false, List.of("smollm", "starcoder", "refact"), "\\p{N}", GPT2),
            of(true, false, List.of("qwen2"), modern("\\p{N}")),
            of(false, true, List.of("llama-bpe", "llama3", "llama-v3"), modern("\\p{N}{1,3}")));

    PreTokenizer {
        names = List.copyOf(names);
        stages = List.copyOf(stages);
    }

    private static PreTokenizer of(boolean composes, boolean takesWholeWords, List<String> names, String... stages) {
        return new PreTokenizer(
                composes,
                takesWholeWords,
                names,
                Arrays.stream(stages)
                        .map(stage -> Pattern.compile(stage, Pattern.UNICODE_CHARACTER_CLASS))
                        .toList());
    }

    private static String modern(String digits) {
        return "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|" + digits
                + "| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+";
    }

    static PreTokenizer named(Metadata metadata) throws ModelFormatException {
        String name = metadata.string("tokenizer.ggml.pre", "default");
        for (PreTokenizer candidate : KNOWN) {
            if (candidate.names.contains(name)) {
                return candidate;
            }
        }
        String known =
                KNOWN.stream().flatMap(candidate -> candidate.names.stream()).collect(Collectors.joining(", "));
        throw metadata.refusal("tokenizer.ggml.pre is \"%s\"; supported are %s".formatted(name, known));
    }

    void split(String text, Consumer<String> words) {
        String normalized = composes && !Normalizer.isNormalized(text, Normalizer.Form.NFC)
                ? Normalizer.normalize(text, Normalizer.Form.NFC)
                : text;
        split(normalized, 0, words);
    }

    private void split(String piece, int stage, Consumer<String> words) {
        if (piece.isEmpty()) {
            return;
        }
        if (stage == stages.size()) {
            words.accept(piece);
            return;
        }
        Matcher matcher = stages.get(stage).matcher(piece);
        int end = 0;
        while (matcher.find()) {
            split(piece.substring(end, matcher.start()), stage + 1, words);
            split(matcher.group(), stage + 1, words);
            end = matcher.end();
        }
        split(piece.substring(end), stage + 1, words);
    }
}
