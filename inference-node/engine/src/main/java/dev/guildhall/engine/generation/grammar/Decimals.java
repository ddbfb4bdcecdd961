package dev.guildhall.engine.generation.grammar;

import static dev.guildhall.engine.generation.grammar.Expression.NOTHING;
import static dev.guildhall.engine.generation.grammar.Expression.range;
import static dev.guildhall.engine.generation.grammar.Expression.repeat;
import static dev.guildhall.engine.generation.grammar.Expression.sequence;
import static dev.guildhall.engine.generation.grammar.Expression.text;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Decimal numbers between bounds, written without an exponent.
 *
 * <p>Next to a bound that is excluded, numbers have at most 15 significant digits: two of them are then never read as the
 * same {@code double}, so that the bound stays excluded for every reader.
 */
final class Decimals {

    private static final int DIGITS_MAX = 15;

    /** A bound; {@code excluded} when it is no valid value itself. */
    record Bound(BigDecimal value, boolean excluded) {
        Bound negated() {
            return new Bound(value.negate(), excluded);
        }
    }

    private final String low; // the bounds' fractions, padded to one length
    private final String high;
    private final boolean lowExcluded;
    private final boolean highExcluded;
    private final int digitsMax;

    private Decimals(String low, boolean lowExcluded, String high, boolean highExcluded, int digitsMax) {
        this.low = low;
        this.high = high;
        this.lowExcluded = lowExcluded;
        this.highExcluded = highExcluded;
        this.digitsMax = digitsMax;
    }

    /** Empty where nothing lies between. */
    static Optional<Expression> between(Bound low, Bound high) {
        List<Expression> options = new ArrayList<>();
        Bound zero = new Bound(BigDecimal.ZERO, false);
        if (high.value.signum() >= 0) {
            magnitudes(low.value.signum() >= 0 ? low : zero, high).ifPresent(options::add);
        }
        if (low.value.signum() < 0) {
            Bound nearest = high.value.signum() < 0 ? high.negated() : new Bound(BigDecimal.ZERO, true);
            magnitudes(nearest, low.negated()).ifPresent(magnitude -> options.add(sequence(text("-"), magnitude)));
        }
        return options.isEmpty() ? Optional.empty() : Optional.of(Expression.choice(options));
    }

    private static Optional<Expression> magnitudes(Bound low, Bound high) {
        long first = low.value.setScale(0, RoundingMode.FLOOR).longValueExact();
        long last = high.value.setScale(0, RoundingMode.FLOOR).longValueExact();
        if (first > last) {
            return Optional.empty();
        }
        int scale = Math.max(
                1,
                Math.max(
                        low.value.stripTrailingZeros().scale(),
                        high.value.stripTrailingZeros().scale()));
        int digitsAboveLow = low.excluded ? digitsMax(first, scale) : Math.max(scale, DIGITS_MAX);
        int digitsBelowHigh = high.excluded ? digitsMax(last, scale) : Math.max(scale, DIGITS_MAX);
        Decimals fractions = new Decimals(
                fraction(low.value, first, scale),
                low.excluded,
                fraction(high.value, last, scale),
                high.excluded,
                Math.min(digitsAboveLow, digitsBelowHigh));
        List<Expression> options = new ArrayList<>();
        if (first == last) {
            fractions.after(first, true, true).ifPresent(options::add);
        } else {
            fractions.withDigitsMax(digitsAboveLow).after(first, true, false).ifPresent(options::add);
            if (last - first > 1) {
                Expression anyFraction = repeat(sequence(text("."), repeat(Json.DIGIT, 1, digitsBelowHigh)), 0, 1);
                options.add(sequence(Json.naturals(first + 1, last - 1), anyFraction));
            }
            fractions.withDigitsMax(digitsBelowHigh).after(last, false, true).ifPresent(options::add);
        }
        return options.isEmpty() ? Optional.empty() : Optional.of(Expression.choice(options));
    }

    private static int digitsMax(long whole, int scale) {
        return Math.max(scale, DIGITS_MAX - Long.toString(whole).length());
    }

    private Decimals withDigitsMax(int digits) {
        return new Decimals(low, lowExcluded, high, highExcluded, digits);
    }

    private static String fraction(BigDecimal value, long whole, int scale) {
        String digits = value.subtract(BigDecimal.valueOf(whole))
                .setScale(scale, RoundingMode.UNNECESSARY)
                .unscaledValue()
                .toString();
        return "0".repeat(scale - digits.length()) + digits;
    }

    private Optional<Expression> after(long whole, boolean onLow, boolean onHigh) {
        List<Expression> options = new ArrayList<>();
        if (mayEnd(0, onLow, onHigh)) {
            options.add(NOTHING);
        }
        digits(0, onLow, onHigh).ifPresent(digits -> options.add(sequence(text("."), digits)));
        return options.isEmpty()
                ? Optional.empty()
                : Optional.of(sequence(text(Long.toString(whole)), Expression.choice(options)));
    }

    /** Whether the digits so far, zeros behind them, are within the bounds that they have followed up to here. */
    private boolean mayEnd(int at, boolean onLow, boolean onHigh) {
        boolean aboveLow = !onLow || (isZero(low, at) && !lowExcluded);
        boolean belowHigh = !onHigh || !isZero(high, at) || !highExcluded;
        return aboveLow && belowHigh;
    }

    private static boolean isZero(String digits, int from) {
        return digits.chars().skip(from).allMatch(digit -> digit == '0');
    }

    /** One digit or more from place {@code at} on, where the digits before equal those of the bounds that are followed. */
    private Optional<Expression> digits(int at, boolean onLow, boolean onHigh) {
        if (at >= digitsMax) {
            return Optional.empty();
        }
        if (!onLow && !onHigh) {
            return Optional.of(repeat(Json.DIGIT, 1, digitsMax - at));
        }
        if (at == low.length()) {
            return beyondBounds(at, onLow, onHigh);
        }
        int from = onLow ? low.charAt(at) : '0';
        int to = onHigh ? high.charAt(at) : '9';
        List<Expression> options = new ArrayList<>();
        for (int digit = from; digit <= to; digit++) {
            boolean stillLow = onLow && digit == from;
            boolean stillHigh = onHigh && digit == to;
            int alike = stillLow || stillHigh ? digit : onHigh ? to - 1 : to;
            Expression first = range(digit, alike);
            List<Expression> rests = new ArrayList<>();
            if (mayEnd(at + 1, stillLow, stillHigh)) {
                rests.add(NOTHING);
            }
            digits(at + 1, stillLow, stillHigh).ifPresent(rests::add);
            if (!rests.isEmpty()) {
                options.add(sequence(first, Expression.choice(rests)));
            }
            digit = alike;
        }
        return options.isEmpty() ? Optional.empty() : Optional.of(Expression.choice(options));
    }

    /** Further digits than the bounds have. */
    private Optional<Expression> beyondBounds(int at, boolean onLow, boolean onHigh) {
        int left = digitsMax - at;
        Expression zeros = repeat(text("0"), 1, left);
        if (onHigh) {
            return mayEnd(at, onLow, true) ? Optional.of(zeros) : Optional.empty();
        }
        Expression aboveZero =
                sequence(repeat(text("0"), 0, left - 1), range('1', '9'), repeat(Json.DIGIT, 0, left - 1));
        return Optional.of(lowExcluded ? aboveZero : repeat(Json.DIGIT, 1, left));
    }
}
