package dev.guildhall.engine.template;

import java.math.BigDecimal;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Values as Python writes them, which is what models were trained on: {@code repr(value)} and {@code json.dumps(value)}. */
final class PythonText {

    private static final int DEPTH_MAX = 100;

    private PythonText() {}

    static String repr(@Nullable Object value) {
        StringBuilder text = new StringBuilder();
        repr(value, text, 0);
        return text.toString();
    }

    private static void repr(@Nullable Object value, StringBuilder text, int depth) {
        check(depth);
        switch (value) {
            case null -> text.append("None");
            case Boolean flag -> text.append(flag ? "True" : "False");
            case Double number -> text.append(decimal(number));
            case Number number -> text.append(number);
            case Text string -> reprString(string.characters(), text);
            case List<?> list -> {
                boolean tuple = list instanceof Values.Tuple;
                text.append(tuple ? '(' : '[');
                for (int i = 0; i < list.size(); i++) {
                    text.append(i == 0 ? "" : ", ");
                    repr(list.get(i), text, depth + 1);
                }
                text.append(tuple ? list.size() == 1 ? ",)" : ")" : "]");
            }
            case Map<?, ?> map -> {
                text.append('{');
                String separator = "";
                for (Map.Entry<?, ?> entry : map.entrySet()) {
                    text.append(separator);
                    reprString(String.valueOf(entry.getKey()), text);
                    text.append(": ");
                    repr(entry.getValue(), text, depth + 1);
                    separator = ", ";
                }
                text.append('}');
            }
            case Values.Undefined undefined -> text.append("Undefined");
            default -> throw new TemplateException("%s cannot be written".formatted(Values.kind(value)));
        }
    }

    private static void check(int depth) {
        if (depth > DEPTH_MAX) {
            throw new TemplateException("a value is nested deeper than %d levels".formatted(DEPTH_MAX));
        }
    }

    private static void reprString(String string, StringBuilder text) {
        char quote = string.indexOf('\'') >= 0 && string.indexOf('"') < 0 ? '"' : '\'';
        text.append(quote);
        string.codePoints().forEach(character -> {
            switch (character) {
                case '\n' -> text.append("\\n");
                case '\r' -> text.append("\\r");
                case '\t' -> text.append("\\t");
                case '\\' -> text.append("\\\\");
                default -> {
                    if (character == quote) {
                        text.append('\\').append(quote);
                    } else if (isPrintable(character)) {
                        text.appendCodePoint(character);
                    } else {
                        text.append(escape(character));
                    }
                }
            }
        });
        text.append(quote);
    }

    private static String escape(int character) {
        if (character < 0x100) {
            return String.format(Locale.ROOT, "\\x%02x", character);
        }
        return character < 0x10000
                ? String.format(Locale.ROOT, "\\u%04x", character)
                : String.format(Locale.ROOT, "\\U%08x", character);
    }

    private static boolean isPrintable(int character) {
        return switch (Character.getType(character)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.PRIVATE_USE,
                    Character.UNASSIGNED,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR -> false;
            case Character.SPACE_SEPARATOR -> character == ' ';
            default -> true;
        };
    }

    /**
     * How JSON is written.
     *
     * @param indent spaces for each level, or -1 for one line
     */
    record JsonStyle(int indent, String itemSeparator, String keySeparator, boolean sortsKeys, boolean escapes) {}

    static String json(@Nullable Object value, JsonStyle style) {
        StringBuilder json = new StringBuilder();
        json(value, json, style, 0);
        return json.toString();
    }

    private static void json(@Nullable Object value, StringBuilder json, JsonStyle style, int depth) {
        check(depth);
        switch (value) {
            case null -> json.append("null");
            case Boolean flag -> json.append(flag);
            case Double number -> json.append(decimal(number));
            case Number number -> json.append(number);
            case Text string -> quote(string.characters(), json, style.escapes);
            case List<?> list -> {
                json.append('[');
                for (int i = 0; i < list.size(); i++) {
                    json.append(i == 0 ? "" : style.itemSeparator);
                    newLine(json, style, depth + 1);
                    json(list.get(i), json, style, depth + 1);
                }
                if (!list.isEmpty()) {
                    newLine(json, style, depth);
                }
                json.append(']');
            }
            case Map<?, ?> map -> {
                json.append('{');
                List<String> keys = map.keySet().stream().map(String::valueOf).toList();
                if (style.sortsKeys) {
                    keys = keys.stream().sorted().toList();
                }
                for (int i = 0; i < keys.size(); i++) {
                    json.append(i == 0 ? "" : style.itemSeparator);
                    newLine(json, style, depth + 1);
                    quote(keys.get(i), json, style.escapes);
                    json.append(style.keySeparator);
                    json(map.get(keys.get(i)), json, style, depth + 1);
                }
                if (!keys.isEmpty()) {
                    newLine(json, style, depth);
                }
                json.append('}');
            }
            default -> throw new TemplateException("%s cannot be written as JSON".formatted(Values.kind(value)));
        }
    }

    private static void newLine(StringBuilder json, JsonStyle style, int depth) {
        if (style.indent >= 0) {
            json.append('\n').repeat(' ', style.indent * depth);
        }
    }

    /** Python's shortest form: plain digits between 1e-4 and 1e16, else an exponent of two digits or more. */
    private static String decimal(double number) {
        double size = Math.abs(number);
        BigDecimal exact = new BigDecimal(Double.toString(number));
        if (size == 0) {
            return Double.toString(number);
        }
        if (size >= 1e-4 && size < 1e16) {
            String plain = exact.stripTrailingZeros().toPlainString();
            return plain.contains(".") ? plain : plain + ".0";
        }
        BigDecimal digits = exact.stripTrailingZeros();
        int exponent = digits.precision() - digits.scale() - 1;
        return String.format(
                Locale.ROOT, "%se%s%02d", digits.movePointLeft(exponent), exponent < 0 ? "-" : "+", Math.abs(exponent));
    }

    private static void quote(String text, StringBuilder json, boolean escapes) {
        json.append('"');
        for (int i = 0; i < text.length(); i++) {
            char character = text.charAt(i);
            switch (character) {
                case '"' -> json.append("\\\"");
                case '\\' -> json.append("\\\\");
                case '\n' -> json.append("\\n");
                case '\r' -> json.append("\\r");
                case '\t' -> json.append("\\t");
                case '\b' -> json.append("\\b");
                case '\f' -> json.append("\\f");
                default -> {
                    if (character < ' ' || (escapes && character > '~')) {
                        json.append(String.format(Locale.ROOT, "\\u%04x", (int) character));
                    } else {
                        json.append(character);
                    }
                }
            }
        }
        json.append('"');
    }
}
