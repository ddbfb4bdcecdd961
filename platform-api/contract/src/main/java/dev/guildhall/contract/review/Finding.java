package dev.guildhall.contract.review;

import com.fasterxml.jackson.annotation.JsonProperty;
import org.jspecify.annotations.Nullable;

/**
 * One thing that a reviewer says about the change, anchored to lines of the diff.
 *
 * @param fingerprint stable over redelivery and moved lines: says whether this was said before
 * @param path of the new file; of the old one where {@code side} is {@link Side#OLD}
 * @param startLine first line, from 1, on {@code side}
 * @param endLine last line, inclusive
 * @param category kebab-case: {@code sql-injection}, {@code resource-leak}, {@code secret}
 * @param title one line without a full stop
 * @param message what is wrong and why it matters, as Markdown without raw HTML
 * @param evidence the line or lines that prove it, verbatim from the file; secrets masked
 * @param suggestion replaces lines {@code startLine} to {@code endLine}; absent where none is safe
 * @param source who found it: {@code model}, {@code pmd}, {@code secrets}
 * @param rule the source's own name for the rule; for the model, the model's name
 * @param confidence 0 to 1
 */
public record Finding(
        String fingerprint,
        String path,
        Side side,
        int startLine,
        int endLine,
        Severity severity,
        String category,
        String title,
        String message,
        String evidence,
        @Nullable String suggestion,
        String source,
        String rule,
        double confidence) {

    public Finding {
        if (startLine < 1 || endLine < startLine) {
            throw new IllegalArgumentException(
                    "lines %d to %d of %s are not a range".formatted(startLine, endLine, path));
        }
        if (!(confidence >= 0 && confidence <= 1)) {
            throw new IllegalArgumentException("confidence %s is not between 0 and 1".formatted(confidence));
        }
    }

    /** Which version of the file the lines count in. */
    public enum Side {
        @JsonProperty("old")
        OLD,
        @JsonProperty("new")
        NEW
    }
}
