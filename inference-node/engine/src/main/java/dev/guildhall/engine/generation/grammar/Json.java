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
import java.util.List;

/**
 * The pieces of JSON, written compactly: no white space but one optional space after a colon or comma. Tokens spent on
 * indentation are time spent on nothing, and endless white space would be a way never to end.
 */
final class Json {

    /** Whole numbers stay exact in every reader up to here. */
    static final long INTEGER_MAX = 9_007_199_254_740_991L;

    static final Expression DIGIT = range('0', '9');

    private static final int FRACTION_DIGITS_MAX = 15;
    private static final Expression SPACE = optional(text(" "));
    static final Expression COLON = sequence(text(":"), SPACE);
    static final Expression COMMA = sequence(text(","), SPACE);

    private static final Expression FRACTION = sequence(text("."), repeat(DIGIT, 1, FRACTION_DIGITS_MAX));
    private static final Expression ZERO_FRACTION = sequence(text("."), repeat(text("0"), 1, FRACTION_DIGITS_MAX));
    private static final Expression EXPONENT = sequence(oneOf("eE"), optional(oneOf("+-")), repeat(DIGIT, 1, 2));

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
        Expression.Reference value = new Expression.Reference();
        OBJECT = map(value);
        ARRAY = array(value, 0, UNBOUNDED);
        value.set(choice(OBJECT, ARRAY, string(0, UNBOUNDED), NUMBER, BOOLEAN, NULL));
        VALUE = value;
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
        if (itemsMax == 0) {
            return text("[]");
        }
        int more = itemsMax == UNBOUNDED ? UNBOUNDED : itemsMax - 1;
        Expression filled = sequence(item, repeat(sequence(COMMA, item), Math.max(0, itemsMin - 1), more), text("]"));
        return sequence(text("["), itemsMin == 0 ? choice(filled, text("]")) : filled);
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

    /** Decimal numbers from {@code min} to {@code max}. */
    static Expression decimals(long min, long max) {
        List<Expression> options = new ArrayList<>();
        if (max >= 0) {
            options.add(magnitudes(Math.max(0, min), max));
        }
        if (min < 0) {
            options.add(sequence(text("-"), magnitudes(Math.max(0, -max), -min)));
        }
        return choice(options);
    }

    private static Expression magnitudes(long min, long max) {
        Expression whole = sequence(naturals(max, max), optional(ZERO_FRACTION));
        return min == max ? whole : choice(sequence(naturals(min, max - 1), optional(FRACTION)), whole);
    }

    private static Expression naturals(long min, long max) {
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
