package dev.guildhall.platform.review;

/** Text that PostgreSQL can keep: U+0000 and halves of surrogate pairs, which it refuses, become U+FFFD. */
public final class StorableText {

    private static final char REPLACEMENT = '\uFFFD';

    private StorableText() {}

    public static String of(String text) {
        int index = firstUnstorable(text, 0);
        if (index == text.length()) {
            return text;
        }
        StringBuilder storable = new StringBuilder(text);
        while (index < text.length()) {
            storable.setCharAt(index, REPLACEMENT);
            index = firstUnstorable(text, index + 1);
        }
        return storable.toString();
    }

    private static int firstUnstorable(String text, int from) {
        int index = from;
        while (index < text.length()) {
            char unit = text.charAt(index);
            if (Character.isHighSurrogate(unit)
                    && index + 1 < text.length()
                    && Character.isLowSurrogate(text.charAt(index + 1))) {
                index += 2;
            } else if (unit == 0 || Character.isSurrogate(unit)) {
                return index;
            } else {
                index++;
            }
        }
        return text.length();
    }
}
