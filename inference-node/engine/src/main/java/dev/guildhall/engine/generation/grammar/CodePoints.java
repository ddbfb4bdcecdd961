package dev.guildhall.engine.generation.grammar;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeMap;

/** A set of Unicode characters: ranges in order that neither touch nor overlap, without surrogates. */
record CodePoints(List<Range> ranges) {

    record Range(int first, int last) {}

    static final CodePoints NONE = new CodePoints(List.of());
    static final CodePoints ANY = range(0, Character.MAX_CODE_POINT);

    private static final int[] LAST_BY_UTF8_LENGTH = {0x7F, 0x7FF, 0xFFFF, Character.MAX_CODE_POINT};

    static CodePoints range(int first, int last) {
        CodePoints below = first < Character.MIN_SURROGATE
                ? new CodePoints(List.of(new Range(first, Math.min(last, Character.MIN_SURROGATE - 1))))
                : NONE;
        return last > Character.MAX_SURROGATE
                ? new CodePoints(normal(
                        below.ranges, List.of(new Range(Math.max(first, Character.MAX_SURROGATE + 1), last))))
                : below;
    }

    static CodePoints of(int... characters) {
        return Arrays.stream(characters)
                .mapToObj(character -> range(character, character))
                .reduce(NONE, CodePoints::or);
    }

    CodePoints or(CodePoints other) {
        return new CodePoints(normal(ranges, other.ranges));
    }

    CodePoints not() {
        CodePoints rest = NONE;
        int first = 0;
        for (Range range : ranges) {
            if (range.first > first) {
                rest = rest.or(range(first, range.first - 1));
            }
            first = range.last + 1;
        }
        return first > Character.MAX_CODE_POINT ? rest : rest.or(range(first, Character.MAX_CODE_POINT));
    }

    CodePoints and(CodePoints other) {
        return not().or(other.not()).not();
    }

    CodePoints without(CodePoints other) {
        return and(other.not());
    }

    boolean isEmpty() {
        return ranges.isEmpty();
    }

    private static List<Range> normal(List<Range> some, List<Range> others) {
        TreeMap<Integer, Integer> lastByFirst = new TreeMap<>();
        some.forEach(range -> lastByFirst.merge(range.first, range.last, Math::max));
        others.forEach(range -> lastByFirst.merge(range.first, range.last, Math::max));
        List<Range> joined = new ArrayList<>();
        lastByFirst.forEach((first, last) -> {
            if (!joined.isEmpty() && joined.getLast().last >= first - 1) {
                Range before = joined.removeLast();
                joined.add(new Range(before.first, Math.max(before.last, last)));
            } else {
                joined.add(new Range(first, last));
            }
        });
        return List.copyOf(joined);
    }

    /** One of these characters in UTF-8; the set has at least one. */
    Expression utf8() {
        long[] ascii = new long[4];
        List<Expression> options = new ArrayList<>();
        for (Range range : ranges) {
            int first = range.first;
            for (int length = 1; length <= 4 && first <= range.last; length++) {
                int last = Math.min(range.last, LAST_BY_UTF8_LENGTH[length - 1]);
                if (first > last) {
                    continue;
                }
                if (length == 1) {
                    for (int character = first; character <= last; character++) {
                        ascii[character >> 6] |= 1L << character;
                    }
                } else {
                    addSequences(first, last, length, options);
                }
                first = last + 1;
            }
        }
        if ((ascii[0] | ascii[1]) != 0) {
            options.addFirst(new Expression.OneOf(ascii));
        }
        return Expression.choice(options);
    }

    /** Splits a range of characters of {@code length} bytes until every byte runs through a range of its own. */
    private static void addSequences(int first, int last, int length, List<Expression> options) {
        for (int tail = length - 1; tail > 0; tail--) {
            int mask = (1 << (6 * tail)) - 1;
            if ((first & ~mask) != (last & ~mask)) {
                if ((first & mask) != 0) {
                    addSequences(first, first | mask, length, options);
                    addSequences((first | mask) + 1, last, length, options);
                    return;
                }
                if ((last & mask) != mask) {
                    addSequences(first, (last & ~mask) - 1, length, options);
                    addSequences(last & ~mask, last, length, options);
                    return;
                }
            }
        }
        List<Expression> bytes = new ArrayList<>();
        for (int tail = length - 1; tail >= 0; tail--) {
            int lead = tail < length - 1 ? 0x80 : (0xF00 >> length) & 0xFF;
            int bits = tail < length - 1 ? 0x3F : 0xFF;
            bytes.add(Expression.range(lead | ((first >> (6 * tail)) & bits), lead | ((last >> (6 * tail)) & bits)));
        }
        options.add(new Expression.Sequence(List.copyOf(bytes)));
    }
}
