package dev.guildhall.engine.generation.grammar;

import static dev.guildhall.engine.generation.grammar.Expression.NOTHING;
import static dev.guildhall.engine.generation.grammar.Expression.UNBOUNDED;
import static dev.guildhall.engine.generation.grammar.Expression.choice;
import static dev.guildhall.engine.generation.grammar.Expression.oneOf;
import static dev.guildhall.engine.generation.grammar.Expression.optional;
import static dev.guildhall.engine.generation.grammar.Expression.range;
import static dev.guildhall.engine.generation.grammar.Expression.repeat;
import static dev.guildhall.engine.generation.grammar.Expression.sequence;
import static dev.guildhall.engine.generation.grammar.Expression.text;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * The pieces of JSON, written compactly: no white space but one optional space after a colon or comma. Tokens spent on
 * indentation are time spent on nothing, and endless white space would be a way never to end.
 */
final class Json {

    /** Whole numbers stay exact in every reader up to here. */
    static final long INTEGER_MAX = 9_007_199_254_740_991L;

    static final Expression DIGIT = range('0', '9');

    /** Levels of objects and arrays that no schema describes; readers refuse some hundreds. */
    private static final int FREE_DEPTH_MAX = 32;

    private static final int FRACTION_DIGITS_MAX = 15;
    private static final Expression SPACE = optional(text(" "));
    static final Expression COLON = sequence(text(":"), SPACE);
    static final Expression COMMA = sequence(text(","), SPACE);

    private static final Expression FRACTION = sequence(text("."), repeat(DIGIT, 1, FRACTION_DIGITS_MAX));
    private static final Expression EXPONENT = sequence(oneOf("eE"), optional(oneOf("+-")), repeat(DIGIT, 1, 2));

    private static final CodePoints UNESCAPED =
            CodePoints.ANY.without(CodePoints.range(0, 0x1F).or(CodePoints.of('"', '\\')));
    private static final Expression ANY_NAME_END = sequence(repeat(UNESCAPED.utf8(), 0, UNBOUNDED), text("\""));

    /** One character inside a string, raw or escaped; an escaped surrogate would be half a character. */
    private static final Expression CHARACTER = character();

    static final Expression BOOLEAN = choice(text("true"), text("false"));
    static final Expression NULL = text("null");
    static final Expression NUMBER =
            sequence(optional(text("-")), naturals(0, INTEGER_MAX), optional(FRACTION), optional(EXPONENT));

    static final Expression VALUE;
    static final Expression OBJECT;
    static final Expression ARRAY;

    static {
        Expression string = string(0, UNBOUNDED);
        Expression inner = choice(string, NUMBER, BOOLEAN, NULL);
        for (int depth = 1; depth < FREE_DEPTH_MAX; depth++) {
            inner = choice(map(inner), array(inner, 0, UNBOUNDED), string, NUMBER, BOOLEAN, NULL);
        }
        OBJECT = map(inner);
        ARRAY = array(inner, 0, UNBOUNDED);
        VALUE = choice(OBJECT, ARRAY, string, NUMBER, BOOLEAN, NULL);
    }

    private Json() {}

    private static Expression character() {
        Expression continuation = range(0x80, 0xBF);
        Expression hex = oneOf("0123456789abcdefABCDEF");
        return choice(
                oneOf(printableAscii()),
                sequence(range(0xC2, 0xDF), continuation),
                sequence(range(0xE0, 0xE0), range(0xA0, 0xBF), continuation),
                sequence(range(0xE1, 0xEC), continuation, continuation),
                sequence(range(0xED, 0xED), range(0x80, 0x9F), continuation),
                sequence(range(0xEE, 0xEF), continuation, continuation),
                sequence(range(0xF0, 0xF0), range(0x90, 0xBF), continuation, continuation),
                sequence(range(0xF1, 0xF3), continuation, continuation, continuation),
                sequence(range(0xF4, 0xF4), range(0x80, 0x8F), continuation, continuation),
                sequence(
                        text("\\"),
                        choice(
                                oneOf("\"\\/bfnrt"),
                                sequence(
                                        text("u"),
                                        choice(
                                                sequence(oneOf("0123456789abcefABCEF"), hex, hex, hex),
                                                sequence(oneOf("dD"), range('0', '7'), hex, hex))))));
    }

    private static String printableAscii() {
        StringBuilder characters = new StringBuilder();
        for (char character = ' '; character < 0x7F; character++) {
            if (character != '"' && character != '\\') {
                characters.append(character);
            }
        }
        return characters.toString();
    }

    static Expression string(int charactersMin, int charactersMax) {
        return sequence(text("\""), repeat(CHARACTER, charactersMin, charactersMax), text("\""));
    }

    static Expression array(Expression item, int itemsMin, int itemsMax) {
        return array(itemsMax == 0 ? List.of() : List.of(item), item, itemsMin, itemsMax);
    }

    /** @param first the items at the start, each of its own kind; {@code item} is for those that follow */
    static Expression array(List<Expression> first, Expression item, int itemsMin, int itemsMax) {
        int known = Math.min(first.size(), itemsMax);
        Expression more = repeat(
                sequence(COMMA, item),
                Math.max(0, itemsMin - known),
                itemsMax == UNBOUNDED ? UNBOUNDED : itemsMax - known);
        Expression rest = sequence(more, text("]"));
        for (int index = known - 1; index >= 0; index--) {
            Expression from = index == 0 ? sequence(first.get(0), rest) : sequence(COMMA, first.get(index), rest);
            rest = index >= itemsMin ? choice(from, text("]")) : from;
        }
        return sequence(text("["), rest);
    }

    /** The entries that may follow an object's declared ones, under other names, each after a comma. */
    static Expression entries(Collection<String> declaredNames, Expression value) {
        return repeat(sequence(COMMA, otherName(declaredNames), COLON, value), 0, UNBOUNDED);
    }

    /** A name, written without escapes, that is none of {@code names}. */
    static Expression otherName(Collection<String> names) {
        return sequence(text("\""), otherThan(new TreeSet<>(names), 0));
    }

    /** What may follow the first {@code at} characters, which all of {@code names} begin with, up to the closing quote. */
    private static Expression otherThan(SortedSet<String> names, int at) {
        CodePoints continued = CodePoints.NONE;
        boolean isName = false;
        List<Expression> options = new ArrayList<>();
        for (String name : names) {
            if (name.length() == at) {
                isName = true;
                continue;
            }
            int character = name.codePointAt(at);
            CodePoints next = CodePoints.of(character);
            if (!next.and(continued).isEmpty() || next.and(UNESCAPED).isEmpty()) {
                continue;
            }
            continued = continued.or(next);
            int end = at + Character.charCount(character);
            String start = name.substring(0, end);
            SortedSet<String> alike = new TreeSet<>(names.subSet(start, start + Character.MAX_VALUE));
            options.add(sequence(next.utf8(), otherThan(alike, end)));
        }
        options.add(sequence(UNESCAPED.without(continued).utf8(), ANY_NAME_END));
        if (!isName) {
            options.add(text("\""));
        }
        return choice(options);
    }

    /** An object of any names, all with values of one kind. */
    static Expression map(Expression value) {
        Expression entry = sequence(string(0, UNBOUNDED), COLON, value);
        return sequence(
                text("{"), choice(text("}"), sequence(entry, repeat(sequence(COMMA, entry), 0, UNBOUNDED), text("}"))));
    }

    /** Whole numbers from {@code min} to {@code max}, both within {@link #INTEGER_MAX}. */
    static Expression integers(long min, long max) {
        List<Expression> options = new ArrayList<>();
        if (max >= 0) {
            options.add(naturals(Math.max(0, min), max));
        }
        if (min < 0) {
            options.add(sequence(text("-"), naturals(Math.max(1, -max), -min)));
        }
        return choice(options);
    }

    /** Whole numbers from {@code min}, 0 or more, to {@code max}. */
    static Expression naturals(long min, long max) {
        List<Expression> lengths = new ArrayList<>();
        long first = 0;
        long last = 9;
        while (true) {
            if (min <= last && max >= first) {
                lengths.add(digits(Long.toString(Math.max(min, first)), Long.toString(Math.min(max, last))));
            }
            if (max <= last) {
                return choice(lengths);
            }
            first = last + 1;
            last = last * 10 + 9;
        }
    }

    /** Digit strings from {@code low} to {@code high}, which are of one length. */
    private static Expression digits(String low, String high) {
        int length = low.length();
        if (length == 0) {
            return NOTHING;
        }
        if (low.chars().allMatch(digit -> digit == '0') && high.chars().allMatch(digit -> digit == '9')) {
            return repeat(DIGIT, length, length);
        }
        char first = low.charAt(0);
        char last = high.charAt(0);
        if (first == last) {
            return sequence(text(low.substring(0, 1)), digits(low.substring(1), high.substring(1)));
        }
        List<Expression> options = new ArrayList<>();
        options.add(sequence(range(first, first), digits(low.substring(1), "9".repeat(length - 1))));
        if (last - first > 1) {
            options.add(sequence(range(first + 1, last - 1), repeat(DIGIT, length - 1, length - 1)));
        }
        options.add(sequence(range(last, last), digits("0".repeat(length - 1), high.substring(1))));
        return choice(options);
    }
}
