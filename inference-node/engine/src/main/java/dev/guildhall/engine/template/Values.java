package dev.guildhall.engine.template;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The values of templates, as Python has them: null (None), {@link Undefined}, Boolean, Long, BigInteger, Double, {@link Text}, List, Map
 * with strings as keys, {@link Namespace}, {@link Function}.
 */
final class Values {

    private static final int DEPTH_MAX = 100;

    private Values() {}

    /** A variable that is not there. May be asked whether it is, but not for more. */
    record Undefined(String what) {}

    /** What {@code namespace()} makes: the only thing whose attributes can be set. */
    record Namespace(Map<String, @Nullable Object> attributes) {}

    /** A list that is written with round brackets. */
    static final class Tuple extends ArrayList<@Nullable Object> {
        private static final long serialVersionUID = 1;

        Tuple(Collection<? extends @Nullable Object> elements) {
            super(elements);
        }
    }

    interface Function {
        @Nullable
        Object call(Builtins.Given given);
    }

    /** Takes over a value from outside. */
    static @Nullable Object of(@Nullable Object value, int depth) {
        if (depth > DEPTH_MAX) {
            throw new TemplateException("a value is nested deeper than %d levels".formatted(DEPTH_MAX));
        }
        return switch (value) {
            case null -> null;
            case Text text -> text;
            case Boolean flag -> flag;
            case CharSequence text -> Text.data(text.toString());
            case BigInteger whole -> whole.bitLength() < 64 ? (Object) whole.longValue() : whole;
            case BigDecimal real -> real.doubleValue();
            case Float real -> real.doubleValue();
            case Double real -> real;
            case Number whole -> whole.longValue();
            case Map<?, ?> map -> {
                Map<String, @Nullable Object> copy = new LinkedHashMap<>();
                map.forEach((key, element) -> copy.put(String.valueOf(key), of(element, depth + 1)));
                yield copy;
            }
            case Collection<?> list -> {
                List<@Nullable Object> copy = new ArrayList<>(list.size());
                list.forEach(element -> copy.add(of(element, depth + 1)));
                yield copy;
            }
            default ->
                throw new TemplateException(
                        "a value is of the unknown kind " + value.getClass().getName());
        };
    }

    static boolean truth(@Nullable Object value) {
        return switch (value) {
            case null -> false;
            case Undefined undefined -> false;
            case Boolean flag -> flag;
            case Text text -> !text.isEmpty();
            case List<?> list -> !list.isEmpty();
            case Map<?, ?> map -> !map.isEmpty();
            case Double real -> real != 0;
            case Number whole -> whole.longValue() != 0;
            default -> true;
        };
    }

    /** What {@code str(value)} gives. */
    static Text text(@Nullable Object value) {
        return switch (value) {
            case Text text -> text;
            case Undefined undefined -> Text.EMPTY;
            case null, default -> Text.data(PythonText.repr(value));
        };
    }

    static boolean equal(@Nullable Object left, @Nullable Object right) {
        if (left instanceof Undefined || right instanceof Undefined) {
            return left instanceof Undefined && right instanceof Undefined;
        }
        if (isNumber(left) && isNumber(right)) {
            return number(left).compareTo(number(right)) == 0;
        }
        if (left instanceof List<?> one && right instanceof List<?> other) {
            if (one.size() != other.size()) {
                return false;
            }
            for (int i = 0; i < one.size(); i++) {
                if (!equal(one.get(i), other.get(i))) {
                    return false;
                }
            }
            return true;
        }
        if (left instanceof Map<?, ?> one && right instanceof Map<?, ?> other) {
            return one.keySet().equals(other.keySet())
                    && one.keySet().stream().allMatch(key -> equal(one.get(key), other.get(key)));
        }
        return left == null ? right == null : left.equals(right);
    }

    static int compare(@Nullable Object left, @Nullable Object right) {
        if (isNumber(left) && isNumber(right)) {
            return number(left).compareTo(number(right));
        }
        if (left instanceof Text one && right instanceof Text other) {
            return one.characters().compareTo(other.characters());
        }
        throw new TemplateException("%s and %s cannot be put in order".formatted(kind(left), kind(right)));
    }

    /** As in Python, true is 1. */
    static boolean isNumber(@Nullable Object value) {
        return value instanceof Number || value instanceof Boolean;
    }

    static BigDecimal number(@Nullable Object value) {
        return switch (value) {
            case Boolean flag -> flag ? BigDecimal.ONE : BigDecimal.ZERO;
            case BigInteger whole -> new BigDecimal(whole);
            case Double real
            when real.isNaN() || real.isInfinite() ->
                throw new TemplateException("%s is no number to reckon with".formatted(real));
            case Double real -> BigDecimal.valueOf(real);
            case Number whole -> BigDecimal.valueOf(whole.longValue());
            case null, default -> throw new TemplateException("%s is no number".formatted(kind(value)));
        };
    }

    static int whole(@Nullable Object value) {
        Object plain = value instanceof Boolean flag ? (Object) (flag ? 1L : 0L) : value;
        if (plain instanceof Long number && number >= Integer.MIN_VALUE && number <= Integer.MAX_VALUE) {
            return number.intValue();
        }
        throw new TemplateException("%s is needed as a whole number".formatted(PythonText.repr(value)));
    }

    static List<@Nullable Object> elements(@Nullable Object value) {
        return switch (value) {
            case Undefined undefined -> List.of();
            case List<?> list -> new ArrayList<@Nullable Object>(list);
            case Map<?, ?> map -> {
                List<@Nullable Object> keys = new ArrayList<>();
                map.keySet().forEach(key -> keys.add(Text.data(String.valueOf(key))));
                yield keys;
            }
            case Text text -> {
                List<@Nullable Object> characters = new ArrayList<>();
                for (int i = 0; i < text.length(); ) {
                    int end = text.characters().offsetByCodePoints(i, 1);
                    characters.add(text.slice(i, end));
                    i = end;
                }
                yield characters;
            }
            case null, default ->
                throw new TemplateException("%s has no elements to go through".formatted(kind(value)));
        };
    }

    static int size(@Nullable Object value) {
        return switch (value) {
            case Undefined undefined -> 0;
            case Text text -> text.characters().codePointCount(0, text.length());
            case List<?> list -> list.size();
            case Map<?, ?> map -> map.size();
            case null, default -> throw new TemplateException("%s has no length".formatted(kind(value)));
        };
    }

    static boolean contains(@Nullable Object container, @Nullable Object element) {
        if (container instanceof Text text) {
            if (element instanceof Text part) {
                return text.characters().contains(part.characters());
            }
            throw new TemplateException("'in' needs a string on the left of a string, not %s".formatted(kind(element)));
        }
        if (container instanceof Map<?, ?> map) {
            return map.containsKey(String.valueOf(element));
        }
        return elements(container).stream().anyMatch(one -> equal(one, element));
    }

    static String kind(@Nullable Object value) {
        return switch (value) {
            case null -> "None";
            case Undefined(String what) -> "'" + what + "', which is undefined,";
            case Boolean flag -> "a boolean";
            case Text text -> "a string";
            case List<?> list -> "a list";
            case Map<?, ?> map -> "a mapping";
            case Number number -> "a number";
            default -> "a function or namespace";
        };
    }
}
