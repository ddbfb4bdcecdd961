package dev.guildhall.engine.tokenizer;

import java.math.BigDecimal;
import java.util.Collection;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** JSON as Python's {@code json.dumps(value, ensure_ascii=False)} writes it, which is what models were trained on. */
final class PythonJson {

    private static final int DEPTH_MAX = 100;

    private PythonJson() {}

    static String write(@Nullable Object value) {
        StringBuilder json = new StringBuilder();
        write(value, json, 0);
        return json.toString();
    }

    private static void write(@Nullable Object value, StringBuilder json, int depth) {
        if (depth > DEPTH_MAX) {
            throw new ChatTemplateException("a value is nested deeper than %d levels".formatted(DEPTH_MAX));
        }
        switch (value) {
            case Map<?, ?> map -> {
                String separator = "{";
                for (Map.Entry<?, ?> entry : map.entrySet()) {
                    json.append(separator);
                    quote(String.valueOf(entry.getKey()), json);
                    json.append(": ");
                    write(entry.getValue(), json, depth + 1);
                    separator = ", ";
                }
                json.append(map.isEmpty() ? "{}" : "}");
            }
            case Collection<?> list -> {
                String separator = "[";
                for (Object element : list) {
                    json.append(separator);
                    write(element, json, depth + 1);
                    separator = ", ";
                }
                json.append(list.isEmpty() ? "[]" : "]");
            }
            case Float number -> json.append(decimal(number.doubleValue()));
            case Double number -> json.append(decimal(number));
            case Number number -> json.append(number);
            case Boolean flag -> json.append(flag);
            case null -> json.append("null");
            default -> quote(value.toString(), json);
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

    private static void quote(String text, StringBuilder json) {
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
                    if (character < ' ') {
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
