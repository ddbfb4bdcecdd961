package dev.guildhall.engine.generation.grammar;

import java.util.ArrayList;
import java.util.List;
import java.util.function.ToLongFunction;

/**
 * A regular expression, taken apart. {@link RegexParser} makes it; what is left here is what it means.
 *
 * <p>Its length counts characters, as JSON schema does.
 */
sealed interface Regex {

    int UNBOUNDED = Expression.UNBOUNDED;

    /** One character of a set that is not empty. */
    record OneOf(CodePoints characters) implements Regex {}

    record Sequence(List<Regex> parts) implements Regex {}

    record Choice(List<Regex> options) implements Regex {}

    record Repeat(Regex body, int min, int max) implements Regex {}

    /** Anything, or nothing. */
    static Regex anything() {
        return new Repeat(new OneOf(CodePoints.ANY), 0, UNBOUNDED);
    }

    /** Fewest characters. */
    default long lengthMin() {
        return switch (this) {
            case OneOf _ -> 1;
            case Sequence(List<Regex> parts) -> sum(parts, Regex::lengthMin);
            case Choice(List<Regex> options) ->
                options.stream().mapToLong(Regex::lengthMin).min().orElse(0);
            case Repeat(Regex body, int min, int _) -> Math.min(UNBOUNDED, body.lengthMin() * min);
        };
    }

    /** Most characters, or {@link #UNBOUNDED}. */
    default long lengthMax() {
        return switch (this) {
            case OneOf _ -> 1;
            case Sequence(List<Regex> parts) -> sum(parts, Regex::lengthMax);
            case Choice(List<Regex> options) ->
                options.stream().mapToLong(Regex::lengthMax).max().orElse(0);
            case Repeat(Regex body, int _, int max) -> Math.min(UNBOUNDED, body.lengthMax() * max);
        };
    }

    private static long sum(List<Regex> parts, ToLongFunction<Regex> length) {
        return Math.min(UNBOUNDED, parts.stream().mapToLong(length).sum());
    }

    /**
     * The same with bounds on its length, where that can be told in a regular expression of the same shape: the length is
     * within the bounds anyhow, or depends on the rounds of one repetition.
     *
     * @throws SchemaException where it cannot
     */
    default Regex withLength(int min, int max, String place) {
        if (lengthMin() >= min && lengthMax() <= max) {
            return this;
        }
        List<Regex> parts = new ArrayList<>(this instanceof Sequence(List<Regex> inner) ? inner : List.of(this));
        int variable = -1;
        for (int i = 0; i < parts.size(); i++) {
            Regex part = parts.get(i);
            if (part.lengthMin() != part.lengthMax()) {
                if (variable >= 0) {
                    throw unboundable(place);
                }
                variable = i;
            }
        }
        long rest = lengthMin() - (variable < 0 ? 0 : parts.get(variable).lengthMin());
        if (variable < 0
                || !(parts.get(variable) instanceof Repeat(Regex body, int roundsMin, int roundsMax))
                || body.lengthMin() != body.lengthMax()) {
            throw unboundable(place);
        }
        long each = body.lengthMin();
        long fewest = Math.max(roundsMin, Math.ceilDiv(Math.max(0, min - rest), each));
        long most = max == UNBOUNDED ? roundsMax : Math.min(roundsMax, Math.floorDiv(max - rest, each));
        if (fewest > most) {
            throw new SchemaException("%s: no text of the pattern has %d to %d characters".formatted(place, min, max));
        }
        parts.set(variable, new Repeat(body, (int) fewest, (int) most));
        return new Sequence(List.copyOf(parts));
    }

    private static SchemaException unboundable(String place) {
        return new SchemaException(
                ("%s: minLength and maxLength are not supported beside this pattern; write the length into the pattern,"
                                + " as in ^[a-z]{2,8}$")
                        .formatted(place));
    }

    /** Whether it can be the empty text. */
    default boolean isNullable() {
        return lengthMin() == 0;
    }

    /** The same without the empty text; {@code this} has other texts. */
    private Regex nonEmpty() {
        return switch (this) {
            case OneOf _ -> this;
            case Sequence(List<Regex> parts) -> {
                Regex first = parts.getFirst();
                Regex rest = new Sequence(parts.subList(1, parts.size()));
                if (!isNullable()) {
                    yield this;
                }
                List<Regex> options = new ArrayList<>();
                if (first.lengthMax() > 0) {
                    options.add(new Sequence(List.of(first.nonEmpty(), rest)));
                }
                if (rest.lengthMax() > 0) {
                    options.add(rest.nonEmpty());
                }
                yield new Choice(options);
            }
            case Choice(List<Regex> options) ->
                new Choice(options.stream()
                        .filter(option -> option.lengthMax() > 0)
                        .map(Regex::nonEmpty)
                        .toList());
            case Repeat(Regex body, int _, int max) -> new Repeat(body.isNullable() ? body.nonEmpty() : body, 1, max);
        };
    }

    /** The texts as a grammar. */
    default Expression expression(Alphabet alphabet) {
        return switch (this) {
            case OneOf(CodePoints characters) -> alphabet.oneOf(characters);
            case Sequence(List<Regex> parts) ->
                new Expression.Sequence(
                        parts.stream().map(part -> part.expression(alphabet)).toList());
            case Choice(List<Regex> options) ->
                Expression.choice(options.stream()
                        .map(option -> option.expression(alphabet))
                        .toList());
            case Repeat(Regex body, int min, int max) -> {
                if (body.lengthMax() == 0) {
                    yield Expression.NOTHING;
                }
                // A grammar's repetition wants a body that takes a byte.
                yield body.isNullable()
                        ? Expression.repeat(body.nonEmpty().expression(alphabet), 0, max)
                        : Expression.repeat(body.expression(alphabet), min, max);
            }
        };
    }
}
