package dev.guildhall.engine.generation.grammar;

import java.util.ArrayList;
import java.util.List;

/**
 * Reads the part of ECMA-262's regular expressions that is regular: characters, classes, groups, alternatives and
 * repetitions; {@code ^} and {@code $} where an alternative begins and ends. Lookaround, back references, {@code \b} and
 * {@code \p} are refused by name.
 */
final class RegexParser {

    private static final int CHARACTERS_MAX = 16_384;

    /** Of one sequence: each may have to be looked past to find what comes next. */
    private static final int TERMS_MAX = 1_000;

    private static final int GROUPS_DEPTH_MAX = 32;
    private static final int ROUNDS_MAX = 10_000;

    private static final CodePoints DIGIT = CodePoints.range('0', '9');
    private static final CodePoints WORD =
            DIGIT.or(CodePoints.range('a', 'z')).or(CodePoints.range('A', 'Z')).or(CodePoints.of('_'));
    private static final CodePoints LINE_END = CodePoints.of('\n', '\r', 0x2028, 0x2029);
    private static final CodePoints SPACE = LINE_END.or(CodePoints.of('\t', 0x0B, '\f', ' ', 0xA0, 0xFEFF, 0x1680))
            .or(CodePoints.range(0x2000, 0x200A))
            .or(CodePoints.of(0x202F, 0x205F, 0x3000));

    private final String source;
    private final String place;
    private int at;

    private RegexParser(String source, String place) {
        this.source = source;
        this.place = place;
    }

    /** The texts that match as a whole. */
    static Regex whole(String source, String place) {
        return new RegexParser(source, place).parse(false);
    }

    /** The texts in which something matches, as JSON schema's {@code pattern} has it. */
    static Regex within(String source, String place) {
        return new RegexParser(source, place).parse(true);
    }

    private Regex parse(boolean anywhere) {
        if (source.length() > CHARACTERS_MAX) {
            throw new SchemaException("%s: the pattern has %,d characters; at most %,d are read"
                    .formatted(place, source.length(), CHARACTERS_MAX));
        }
        List<Regex> options = new ArrayList<>();
        do {
            boolean fromStart = take('^');
            List<Regex> parts = new ArrayList<>();
            if (anywhere && !fromStart) {
                parts.add(Regex.anything());
            }
            parts.addAll(terms(0));
            boolean toEnd = take('$');
            if (anywhere && !toEnd) {
                parts.add(Regex.anything());
            }
            options.add(new Regex.Sequence(List.copyOf(parts)));
        } while (take('|'));
        if (at < source.length()) {
            throw refusal(source.charAt(at) == ')' ? "a closing bracket too many" : "an anchor inside");
        }
        return options.size() == 1 ? options.getFirst() : new Regex.Choice(List.copyOf(options));
    }

    private Regex alternatives(int depth) {
        List<Regex> options = new ArrayList<>();
        do {
            options.add(new Regex.Sequence(terms(depth)));
        } while (take('|'));
        return options.size() == 1 ? options.getFirst() : new Regex.Choice(List.copyOf(options));
    }

    private List<Regex> terms(int depth) {
        List<Regex> terms = new ArrayList<>();
        while (at < source.length() && "|)$".indexOf(source.charAt(at)) < 0) {
            if (terms.size() == TERMS_MAX) {
                throw refusal("more than %,d characters and groups in a row".formatted(TERMS_MAX));
            }
            terms.add(repeated(atom(depth)));
        }
        return List.copyOf(terms);
    }

    private Regex atom(int depth) {
        if (take('(')) {
            if (depth == GROUPS_DEPTH_MAX) {
                throw refusal("groups nested deeper than %d".formatted(GROUPS_DEPTH_MAX));
            }
            if (take('?')) {
                skipGroupName();
            }
            Regex group = alternatives(depth + 1);
            if (!take(')')) {
                throw refusal(at < source.length() ? "an anchor inside a group" : "a bracket that is not closed");
            }
            return group;
        }
        if (take('[')) {
            return new Regex.OneOf(set());
        }
        if (take('.')) {
            return new Regex.OneOf(LINE_END.not());
        }
        int character = next();
        if (character == '\\') {
            return new Regex.OneOf(escape(false));
        }
        if ("^*+?{".indexOf(character) >= 0) {
            throw refusal(character == '^' ? "an anchor inside" : "'%c' after nothing".formatted(character));
        }
        return new Regex.OneOf(CodePoints.of(character));
    }

    private void skipGroupName() {
        if (take(':')) {
            return;
        }
        int end = source.indexOf('>', at);
        boolean named =
                end > 0 && source.startsWith("<", at) && !source.startsWith("<=", at) && !source.startsWith("<!", at);
        if (!named) {
            throw refusal("lookaround or a flag ('(?')");
        }
        at = end + 1;
    }

    private Regex repeated(Regex body) {
        int min;
        int max;
        if (take('*')) {
            min = 0;
            max = Regex.UNBOUNDED;
        } else if (take('+')) {
            min = 1;
            max = Regex.UNBOUNDED;
        } else if (take('?')) {
            min = 0;
            max = 1;
        } else if (take('{')) {
            min = number();
            max = !take(',') ? min : source.startsWith("}", at) ? Regex.UNBOUNDED : number();
            if (!take('}') || min > max) {
                throw refusal("a repetition that is not {m}, {m,} or {m,n} with m up to n");
            }
        } else {
            return body;
        }
        // Whether it is lazy makes no difference to which texts match.
        var _ = take('?');
        if (at < source.length() && "*+?{".indexOf(source.charAt(at)) >= 0) {
            throw refusal("a repetition of a repetition");
        }
        return max == 0 ? new Regex.Sequence(List.of()) : new Regex.Repeat(body, min, max);
    }

    private int number() {
        int start = at;
        while (at < source.length() && at - start < 6 && Character.digit(source.charAt(at), 10) >= 0) {
            at++;
        }
        int value = at == start ? -1 : Integer.parseInt(source, start, at, 10);
        if (value < 0 || value > ROUNDS_MAX) {
            throw refusal("a repetition without a count from 0 to %,d".formatted(ROUNDS_MAX));
        }
        return value;
    }

    private CodePoints set() {
        boolean negated = take('^');
        CodePoints set = CodePoints.NONE;
        while (!take(']')) {
            CodePoints first = member();
            boolean isRange = source.startsWith("-", at) && !source.startsWith("-]", at);
            if (!isRange) {
                set = set.or(first);
                continue;
            }
            at++;
            CodePoints last = member();
            int low = single(first);
            int high = single(last);
            if (low > high) {
                throw refusal("a range whose end comes before its start");
            }
            set = set.or(CodePoints.range(low, high));
        }
        CodePoints allowed = negated ? set.not() : set;
        if (allowed.isEmpty()) {
            throw refusal("a class without characters");
        }
        return allowed;
    }

    private CodePoints member() {
        int character = next();
        return character == '\\' ? escape(true) : CodePoints.of(character);
    }

    private int single(CodePoints characters) {
        if (characters.ranges().size() != 1
                || characters.ranges().getFirst().first()
                        != characters.ranges().getFirst().last()) {
            throw refusal("a range between classes");
        }
        return characters.ranges().getFirst().first();
    }

    private CodePoints escape(boolean inSet) {
        int character = next();
        return switch (character) {
            case 'd' -> DIGIT;
            case 'D' -> DIGIT.not();
            case 'w' -> WORD;
            case 'W' -> WORD.not();
            case 's' -> SPACE;
            case 'S' -> SPACE.not();
            case 't' -> CodePoints.of('\t');
            case 'n' -> CodePoints.of('\n');
            case 'r' -> CodePoints.of('\r');
            case 'f' -> CodePoints.of('\f');
            case 'v' -> CodePoints.of(0x0B);
            case 'x' -> CodePoints.of(hexadecimal(2));
            case 'u' -> unicode();
            case '0' -> CodePoints.of(0);
            default -> {
                if (character == 'b' && inSet) {
                    yield CodePoints.of('\b');
                }
                if (Character.isLetterOrDigit(character)) {
                    throw refusal("\\%c".formatted(character));
                }
                yield CodePoints.of(character);
            }
        };
    }

    private CodePoints unicode() {
        int unit;
        if (take('{')) {
            int end = source.indexOf('}', at);
            unit = end < 0 || end - at > 6 || end == at ? -1 : hexadecimal(end - at);
            at++;
        } else {
            unit = hexadecimal(4);
            if (Character.isHighSurrogate((char) unit) && source.startsWith("\\u", at)) {
                at += 2;
                unit = Character.toCodePoint((char) unit, (char) hexadecimal(4));
            }
        }
        if (!Character.isValidCodePoint(unit) || CodePoints.of(unit).isEmpty()) {
            throw refusal("a \\u that is no character");
        }
        return CodePoints.of(unit);
    }

    private int hexadecimal(int digits) {
        int value = 0;
        for (int i = 0; i < digits; i++) {
            int digit = Character.digit(next(), 16);
            if (digit < 0) {
                throw refusal("an escape without its %d hexadecimal digits".formatted(digits));
            }
            value = value << 4 | digit;
        }
        return value;
    }

    private boolean take(char expected) {
        boolean there = at < source.length() && source.charAt(at) == expected;
        if (there) {
            at++;
        }
        return there;
    }

    private int next() {
        if (at >= source.length()) {
            throw refusal("an end in the middle");
        }
        int character = source.codePointAt(at);
        at += Character.charCount(character);
        if (character >= Character.MIN_SURROGATE && character <= Character.MAX_SURROGATE) {
            throw refusal("half of a surrogate pair");
        }
        return character;
    }

    private SchemaException refusal(String what) {
        return new SchemaException(
                "%s: the pattern %s has %s at character %d, which is not supported".formatted(place, source, what, at));
    }
}
