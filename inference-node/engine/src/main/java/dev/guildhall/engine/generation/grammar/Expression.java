package dev.guildhall.engine.generation.grammar;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.TreeMap;

/** A set of byte strings: regular expressions with counted repetition, plus references, which allow recursion. */
@SuppressWarnings("ArrayRecordComponent") // compared by identity: a grammar shares its expressions
sealed interface Expression {

    int UNBOUNDED = Integer.MAX_VALUE;

    Expression NOTHING = new Sequence(List.of());

    /** Exactly these bytes. */
    record Text(byte[] bytes) implements Expression {
        public Text {
            if (bytes.length == 0) {
                throw new IllegalArgumentException("empty text; use NOTHING");
            }
        }
    }

    /** One byte of a set: bit {@code b & 63} of word {@code b >> 6}. */
    record OneOf(long[] set) implements Expression {
        boolean contains(int unsignedByte) {
            return (set[unsignedByte >> 6] >>> unsignedByte & 1) != 0;
        }
    }

    record Sequence(List<Expression> parts) implements Expression {}

    record Choice(List<Expression> options) implements Expression {}

    /** {@code body}, which takes at least one byte, from {@code min} to {@code max} times. */
    record Repeat(Expression body, int min, int max) implements Expression {}

    /** Stands for an expression that is set later. */
    final class Reference implements Expression {
        private Expression target = NOTHING;

        Expression target() {
            return target;
        }

        void set(Expression resolved) {
            target = resolved;
        }
    }

    static Expression text(String text) {
        return new Text(text.getBytes(StandardCharsets.UTF_8));
    }

    static Expression sequence(Expression... parts) {
        return new Sequence(List.of(parts));
    }

    static Expression choice(Expression... options) {
        return new Choice(List.of(options));
    }

    static Expression choice(List<Expression> options) {
        return options.size() == 1 ? options.getFirst() : new Choice(List.copyOf(options));
    }

    /** One of these texts; what they begin with alike is there once. */
    static Expression oneOfTexts(Collection<String> texts) {
        TreeMap<String, byte[]> sorted = new TreeMap<>();
        texts.forEach(text -> sorted.put(text, text.getBytes(StandardCharsets.UTF_8)));
        List<byte[]> bytes = new ArrayList<>(sorted.values());
        bytes.sort(Arrays::compareUnsigned);
        return oneOfTexts(bytes, 0);
    }

    /** @param texts in order, alike before {@code from} */
    private static Expression oneOfTexts(List<byte[]> texts, int from) {
        byte[] first = texts.getFirst();
        int shared = Arrays.mismatch(first, texts.getLast());
        int alike = shared < 0 ? first.length : shared;
        List<Expression> options = new ArrayList<>();
        int start = 0;
        if (first.length == alike) {
            options.add(NOTHING);
            start = 1;
        }
        while (start < texts.size()) {
            int end = start + 1;
            while (end < texts.size() && texts.get(end)[alike] == texts.get(start)[alike]) {
                end++;
            }
            options.add(oneOfTexts(texts.subList(start, end), alike));
            start = end;
        }
        Expression rest = choice(options);
        return alike == from ? rest : sequence(new Text(Arrays.copyOfRange(first, from, alike)), rest);
    }

    static Expression optional(Expression body) {
        return new Repeat(body, 0, 1);
    }

    static Expression repeat(Expression body, int min, int max) {
        return max == 0 ? NOTHING : new Repeat(body, min, max);
    }

    /** One byte from {@code first} to {@code last}. */
    static Expression range(int first, int last) {
        long[] set = new long[4];
        for (int value = first; value <= last; value++) {
            set[value >> 6] |= 1L << value;
        }
        return new OneOf(set);
    }

    /** One byte out of the characters of {@code ascii}. */
    static Expression oneOf(String ascii) {
        long[] set = new long[4];
        ascii.chars().forEach(value -> set[value >> 6] |= 1L << value);
        return new OneOf(set);
    }
}
