package dev.guildhall.engine.format;

import java.util.List;

/** Typed, checked reading of a {@link ModelFile}'s metadata. */
public final class Metadata {

    private final ModelFile file;

    public Metadata(ModelFile file) {
        this.file = file;
    }

    public boolean has(String key) {
        return file.metadata().containsKey(key);
    }

    public String text(String key) throws ModelFormatException {
        return read(key, String.class, "text");
    }

    /** A whole number from {@code min} to {@code max}. */
    public int integer(String key, int min, int max) throws ModelFormatException {
        long value = read(key, Long.class, "a whole number");
        if (value < min || value > max) {
            throw new ModelFormatException(
                    file.path(), "%s is %d; %d to %d are possible".formatted(key, value, min, max));
        }
        return (int) value;
    }

    public int integerOr(String key, int absent, int min, int max) throws ModelFormatException {
        return has(key) ? integer(key, min, max) : absent;
    }

    /** A finite number above zero. */
    public double positive(String key) throws ModelFormatException {
        double value = read(key, Double.class, "a number");
        if (!(value > 0) || Double.isInfinite(value)) {
            throw new ModelFormatException(file.path(), "%s is %s, not a finite number above 0".formatted(key, value));
        }
        return value;
    }

    public double positiveOr(String key, double absent) throws ModelFormatException {
        return has(key) ? positive(key) : absent;
    }

    public boolean flagOr(String key, boolean absent) throws ModelFormatException {
        return has(key) ? read(key, Boolean.class, "a truth value") : absent;
    }

    /** Elements of the array; 0 when the key is absent. */
    public int arrayLength(String key) throws ModelFormatException {
        return has(key) ? read(key, List.class, "an array").size() : 0;
    }

    private <T> T read(String key, Class<T> type, String expected) throws ModelFormatException {
        Object value = file.metadata().get(key);
        if (value == null) {
            throw new ModelFormatException(file.path(), "metadata key %s is missing".formatted(key));
        }
        if (!type.isInstance(value)) {
            throw new ModelFormatException(
                    file.path(), "%s is %s, not %s".formatted(key, abbreviated(value), expected));
        }
        return type.cast(value);
    }

    private static String abbreviated(Object value) {
        String text = value instanceof List<?> list ? "an array of " + list.size() : value.toString();
        return text.length() > 60 ? text.substring(0, 60) + "…" : text;
    }
}
