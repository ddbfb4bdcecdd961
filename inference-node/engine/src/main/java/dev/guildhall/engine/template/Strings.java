package dev.guildhall.engine.template;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Python's operations on strings, by which every character keeps its origin. */
final class Strings {

    private Strings() {}

    /** @param set characters to take off; null for white space */
    static Text strip(Text text, @Nullable String set, boolean left, boolean right) {
        String characters = text.characters();
        int start = 0;
        int end = characters.length();
        while (left && start < end && isIn(characters.charAt(start), set)) {
            start++;
        }
        while (right && end > start && isIn(characters.charAt(end - 1), set)) {
            end--;
        }
        return text.slice(start, end);
    }

    private static boolean isIn(char character, @Nullable String set) {
        return set == null ? isSpace(character) : set.indexOf(character) >= 0;
    }

    /** What {@code str.isspace} says, which counts more than {@code Character.isWhitespace}. */
    static boolean isSpace(char character) {
        return Character.isWhitespace(character) || Character.isSpaceChar(character) || character == '\u0085';
    }

    static List<@Nullable Object> split(Text text, @Nullable String separator, int splitsMax, boolean fromRight) {
        if (separator == null) {
            return words(text, splitsMax);
        }
        if (separator.isEmpty()) {
            throw new TemplateException("a text is split at nothing");
        }
        String characters = text.characters();
        List<@Nullable Object> parts = new ArrayList<>();
        if (fromRight) {
            int end = characters.length();
            for (int at = characters.lastIndexOf(separator, end - separator.length());
                    at >= 0 && parts.size() != splitsMax;
                    at = characters.lastIndexOf(separator, end - separator.length())) {
                parts.addFirst(text.slice(at + separator.length(), end));
                end = at;
            }
            parts.addFirst(text.slice(0, end));
            return parts;
        }
        int start = 0;
        for (int at = characters.indexOf(separator);
                at >= 0 && parts.size() != splitsMax;
                at = characters.indexOf(separator, start)) {
            parts.add(text.slice(start, at));
            start = at + separator.length();
        }
        parts.add(text.slice(start, characters.length()));
        return parts;
    }

    private static List<@Nullable Object> words(Text text, int splitsMax) {
        String characters = text.characters();
        List<@Nullable Object> words = new ArrayList<>();
        int position = 0;
        while (true) {
            while (position < characters.length() && isSpace(characters.charAt(position))) {
                position++;
            }
            if (position == characters.length()) {
                return words;
            }
            int start = position;
            if (words.size() == splitsMax) {
                words.add(strip(text.slice(start, text.length()), null, false, true));
                return words;
            }
            while (position < characters.length() && !isSpace(characters.charAt(position))) {
                position++;
            }
            words.add(text.slice(start, position));
        }
    }

    static List<@Nullable Object> lines(Text text) {
        List<@Nullable Object> lines = new ArrayList<>();
        String characters = text.characters();
        int start = 0;
        while (start < characters.length()) {
            int end = start;
            while (end < characters.length() && "\n\r\u000b\f\u0085\u2028\u2029".indexOf(characters.charAt(end)) < 0) {
                end++;
            }
            lines.add(text.slice(start, end));
            start = end + (characters.startsWith("\r\n", end) ? 2 : 1);
        }
        return lines;
    }

    /** @param countMax below 0 for all */
    static Text replace(Text text, String old, Text replacement, int countMax) {
        String characters = text.characters();
        if (old.isEmpty()) {
            throw new TemplateException("nothing is to be replaced");
        }
        Text.Builder replaced = new Text.Builder();
        int start = 0;
        int count = 0;
        for (int at = characters.indexOf(old); at >= 0 && count != countMax; at = characters.indexOf(old, start)) {
            replaced.append(text, start, at);
            replaced.append(replacement);
            start = at + old.length();
            count++;
        }
        replaced.append(text, start, text.length());
        return replaced.build();
    }

    static int count(String text, String part) {
        if (part.isEmpty()) {
            return text.length() + 1;
        }
        int count = 0;
        for (int at = text.indexOf(part); at >= 0; at = text.indexOf(part, at + part.length())) {
            count++;
        }
        return count;
    }

    static Text join(Text separator, List<@Nullable Object> elements) {
        Text.Builder joined = new Text.Builder();
        boolean first = true;
        for (Object element : elements) {
            if (!first) {
                joined.append(separator);
            }
            joined.append(Values.text(element));
            first = false;
        }
        return joined.build();
    }

    static String capitalized(String text) {
        return text.isEmpty()
                ? text
                : text.substring(0, 1).toUpperCase(Locale.ROOT)
                        + text.substring(1).toLowerCase(Locale.ROOT);
    }

    static String title(String text) {
        StringBuilder title = new StringBuilder();
        boolean inWord = false;
        for (int i = 0; i < text.length(); i++) {
            char character = text.charAt(i);
            title.append(inWord ? Character.toLowerCase(character) : Character.toTitleCase(character));
            inWord = Character.isLetter(character);
        }
        return title.toString();
    }

    /** Puts spaces before each line but the first and empty ones. */
    static Text indent(Text text, @Nullable Object width, boolean first) {
        Text spaces =
                width instanceof Text given ? given : Text.literal(" ".repeat(Math.clamp(Values.whole(width), 0, 100)));
        Text.Builder indented = new Text.Builder();
        int number = 0;
        for (Object line : split(text, "\n", -1, false)) {
            Text one = Values.text(line);
            if (number > 0) {
                indented.append(Text.literal("\n"));
            }
            if (number == 0 ? first : !one.isEmpty()) {
                indented.append(spaces);
            }
            indented.append(one);
            number++;
        }
        return indented.build();
    }

    static String escaped(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&#34;")
                .replace("'", "&#39;");
    }
}
