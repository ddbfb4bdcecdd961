package dev.guildhall.reviewbot.reviewer;

import dev.guildhall.contract.review.Severity;
import org.jspecify.annotations.Nullable;

/**
 * What one reviewer says, before it is merged with what the others say.
 *
 * @param path of the new file
 * @param startLine first line on the new side, from 1
 * @param endLine last line, inclusive
 * @param category kebab-case, from {@link Categories} where one fits
 * @param evidence the line or lines that prove it, verbatim
 * @param suggestion replaces the lines; absent where none is safe
 * @param source who says it: {@code model}, {@code pmd}, {@code checks}, {@code secrets}
 * @param rule the source's own name for it
 * @param confidence 0 to 1
 */
public record Observation(
        String path,
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

    /** What the model says, and what is therefore checked a second time. */
    public static final String MODEL = "model";

    /** What a line alone shows, without a parser or a model. */
    public static final String CHECKS = "checks";

    public Observation withSeverity(Severity newSeverity) {
        return new Observation(
                path,
                startLine,
                endLine,
                newSeverity,
                category,
                title,
                message,
                evidence,
                suggestion,
                source,
                rule,
                confidence);
    }

    public Observation withConfidence(double newConfidence) {
        return new Observation(
                path,
                startLine,
                endLine,
                severity,
                category,
                title,
                message,
                evidence,
                suggestion,
                source,
                rule,
                newConfidence);
    }

    public Observation withSuggestion(@Nullable String newSuggestion) {
        return new Observation(
                path,
                startLine,
                endLine,
                severity,
                category,
                title,
                message,
                evidence,
                newSuggestion,
                source,
                rule,
                confidence);
    }
}
