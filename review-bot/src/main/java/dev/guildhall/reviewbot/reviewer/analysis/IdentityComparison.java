package dev.guildhall.reviewbot.reviewer.analysis;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Rewrites a Java comparison by identity into one by value. */
final class IdentityComparison {

    /** Two operands without operators of their own. A literal may hold anything. */
    private static final Pattern COMPARISON = Pattern.compile(
            "(?<left>(?:\"(?:[^\"\\\\]|\\\\.)*\"|[^\"=!<>&|?:;]+?))\\s*(?<operator>[=!]=)\\s*(?<right>(?:\"(?:[^\"\\\\]|\\\\.)*\"|[^\"=!<>&|?:;]+))");

    private static final Pattern OBJECTS_IMPORT = Pattern.compile("(?m)^import\\s+java\\.util\\.(?:Objects|\\*)\\s*;");

    private IdentityComparison() {}

    /**
     * The line with its comparison by value: null stays comparable. Empty where the expression is not one plain
     * comparison.
     *
     * @param begin column of the expression, from 0
     * @param end column after it
     * @param text the whole file
     */
    static Optional<String> byValue(String line, int begin, int end, String text) {
        if (begin < 0 || begin >= end || end > line.length()) {
            return Optional.empty();
        }
        Matcher comparison = COMPARISON.matcher(line.substring(begin, end));
        if (!comparison.matches()) {
            return Optional.empty();
        }
        String left = comparison.group("left").strip();
        String right = comparison.group("right").strip();
        String equal;
        if (left.startsWith("\"")) {
            equal = "%s.equals(%s)".formatted(left, right);
        } else if (right.startsWith("\"")) {
            equal = "%s.equals(%s)".formatted(right, left);
        } else {
            String objects = OBJECTS_IMPORT.matcher(text).find() ? "Objects" : "java.util.Objects";
            equal = "%s.equals(%s, %s)".formatted(objects, left, right);
        }
        String negation = comparison.group("operator").equals("!=") ? "!" : "";
        return Optional.of(line.substring(0, begin) + negation + equal + line.substring(end));
    }
}
