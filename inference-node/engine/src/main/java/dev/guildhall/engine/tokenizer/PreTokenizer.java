package dev.guildhall.engine.tokenizer;

import dev.guildhall.engine.format.ModelFormatException;
import java.text.Normalizer;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * How a model's vocabulary cuts text into words before merging. Each stage cuts the pieces of the stage before it, so
 * that a look-ahead sees no further than its own piece.
 *
 * @param composes text is put into composed form (NFC) first
 * @param takesWholeWords a word that stands in the vocabulary is taken whole, whatever the merges say
 */
record PreTokenizer(boolean composes, boolean takesWholeWords, List<Pattern> stages) {

    static final String GPT2 = "'s|'t|'re|'ve|'m|'ll|'d| ?\\p{L}+| ?\\p{N}+| ?[^\\s\\p{L}\\p{N}]+|\\s+(?!\\S)|\\s+";
    static final String EACH_DIGIT = "\\p{N}";
    private static final String THREE_DIGITS = "\\p{N}{1,3}";
    private static final String QWEN2 = modern(EACH_DIGIT);
    private static final String LLAMA3 = modern(THREE_DIGITS);
    private static final String KANA_AND_HAN = "[一-龥\u3040-ゟ゠-ヿ]+";
    private static final String DEEPSEEK =
            "[!\"#$%&'()*+,\\-./:;<=>?@\\[\\\\\\]^_`{|}~][A-Za-z]+|[^\\r\\n\\p{L}\\p{P}\\p{S}]?[\\p{L}\\p{M}]+"
                    + "| ?[\\p{P}\\p{S}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+";
    private static final String KIMI = kimi();

    private static final Map<String, PreTokenizer> BY_NAME = Map.ofEntries(
            Map.entry("default", of(false, false, GPT2)),
            Map.entry("gpt-2", of(false, false, GPT2)),
            Map.entry("smollm", of(false, false, EACH_DIGIT, GPT2)),
            Map.entry("starcoder", of(false, false, EACH_DIGIT, GPT2)),
            Map.entry("refact", of(false, false, EACH_DIGIT, GPT2)),
            Map.entry("qwen2", of(true, false, QWEN2)),
            Map.entry("deepseek-r1-qwen", of(false, false, QWEN2)),
            Map.entry("llama-bpe", of(false, true, LLAMA3)),
            Map.entry("llama3", of(false, true, LLAMA3)),
            Map.entry("llama-v3", of(false, true, LLAMA3)),
            Map.entry("deepseek-v3", of(false, false, THREE_DIGITS, KANA_AND_HAN, DEEPSEEK)),
            Map.entry("kimi-k2", of(false, true, KIMI)));

    /** What a tokenizer.json may ask for: expressions that mean the same here as where they come from. */
    private static final Map<String, Pattern> EXPRESSIONS = Stream.of(
                    GPT2, EACH_DIGIT, THREE_DIGITS, QWEN2, LLAMA3, KANA_AND_HAN, DEEPSEEK, KIMI)
            .collect(Collectors.toUnmodifiableMap(PreTokenizer::normal, PreTokenizer::compile));

    PreTokenizer {
        stages = List.copyOf(stages);
    }

    private static PreTokenizer of(boolean composes, boolean takesWholeWords, String... stages) {
        return new PreTokenizer(
                composes,
                takesWholeWords,
                Stream.of(stages).map(PreTokenizer::compile).toList());
    }

    private static Pattern compile(String expression) {
        return Pattern.compile(expression.replace("\\p{Han}", "\\p{IsHan}"), Pattern.UNICODE_CHARACTER_CLASS);
    }

    private static String modern(String digits) {
        return "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|" + digits
                + "| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+";
    }

    private static String kimi() {
        String upper = "[\\p{Lu}\\p{Lt}\\p{Lm}\\p{Lo}\\p{M}&&[^\\p{Han}]]";
        String lower = "[\\p{Ll}\\p{Lm}\\p{Lo}\\p{M}&&[^\\p{Han}]]";
        String before = "[^\\r\\n\\p{L}\\p{N}]?";
        String after = "(?i:'s|'t|'re|'ve|'m|'ll|'d)?";
        return "[\\p{Han}]+|" + before + upper + "*" + lower + "+" + after + "|" + before + upper + "+" + lower + "*"
                + after + "|" + THREE_DIGITS + "| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+";
    }

    /** Line ends may be written as such or by their names. */
    private static String normal(String expression) {
        return expression.replace("\r", "\\r").replace("\n", "\\n");
    }

    static Optional<Pattern> expression(String expression) {
        return Optional.ofNullable(EXPRESSIONS.get(normal(expression)));
    }

    static PreTokenizer named(Metadata metadata) throws ModelFormatException {
        String name = metadata.string("tokenizer.ggml.pre", "default");
        PreTokenizer known = BY_NAME.get(name);
        if (known == null) {
            throw metadata.refusal("tokenizer.ggml.pre is \"%s\"; supported are %s"
                    .formatted(name, BY_NAME.keySet().stream().sorted().collect(Collectors.joining(", "))));
        }
        return known;
    }

    /** GGUF's name for it; of several the first. */
    Optional<String> name() {
        return BY_NAME.entrySet().stream()
                .filter(known -> isLike(known.getValue()))
                .map(Map.Entry::getKey)
                .min(String::compareTo);
    }

    private boolean isLike(PreTokenizer other) {
        return composes == other.composes
                && takesWholeWords == other.takesWholeWords
                && expressions().equals(other.expressions());
    }

    private List<String> expressions() {
        return stages.stream().map(Pattern::pattern).toList();
    }

    /** What tiktoken does with Kimi's expression. */
    static PreTokenizer tiktoken() {
        return of(false, true, KIMI);
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
