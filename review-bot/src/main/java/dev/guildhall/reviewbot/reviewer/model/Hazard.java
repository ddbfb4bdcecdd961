package dev.guildhall.reviewbot.reviewer.model;

import dev.guildhall.contract.review.Severity;
import dev.guildhall.reviewbot.reviewer.Categories;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * Something that could go wrong at a line, unless another line deals with it: what a pointed question is about.
 *
 * @param line number in the file
 * @param subject the expression that it is about
 */
record Hazard(Function function, int line, Kind kind, String subject) {

    private static final int MESSAGE_SUBJECT_MAX = 60;

    private static final Pattern TESTS = Pattern.compile(
            "\\b(?:if|elif|unless|while|when|switch|assert|require\\w*|check\\w*|max|min|clamp|catch|except)\\b"
                    + "|\\?\\?|\\?\\.|\\|\\|=");
    private static final Pattern ENDS = Pattern.compile("\\b(?:break|return)\\b");
    private static final Pattern WAITS = Pattern.compile("\\bPromise\\.|\\bawait\\b");
    private static final Pattern CLOSES = Pattern.compile("(?i)close|\\bdefer\\b|\\bwith\\b|\\bfinally\\b|\\busing\\b");
    private static final Pattern LOCKS = Pattern.compile("(?i)lock\\(|synchronized");
    private static final Pattern NONE = Pattern.compile("(?!)");

    /** What can go wrong. */
    enum Kind {
        ZERO(
                Categories.WRONG_RESULT,
                Severity.MEDIUM,
                TESTS,
                "`%s` is zero",
                "`%s` may be zero",
                "Nothing before this line rules out that `%s` is zero: the division then fails, or gives no number."),
        ABSENT(
                Categories.NULL_DEREFERENCE,
                Severity.HIGH,
                TESTS,
                "`%s` is %s",
                "`%s` may be %s",
                "What `%1$s` stands for may not be there, and it is used without a check: where it is %2$s, this fails."),
        EMPTY(
                Categories.MISSING_CHECK,
                Severity.MEDIUM,
                TESTS,
                "`%s` is empty",
                "`%s` may be empty",
                "Nothing before this line rules out that `%s` is empty: it then fails."),
        OUT_OF_BOUNDS(
                Categories.OFF_BY_ONE,
                Severity.HIGH,
                TESTS,
                "the index is one behind the end of `%s`",
                "The index runs behind the end of `%s`",
                "The last index that is used here is one behind the last element of `%s`."),
        CALLERS_LIST(
                Categories.SHARED_STATE,
                Severity.MEDIUM,
                NONE,
                "the caller's `%s` is changed",
                "The caller's `%s` is changed",
                "`%s` belongs to the caller, who sees it in another order afterwards. Work on a copy."),
        CHANGED_WHILE_READ(
                Categories.WRONG_RESULT,
                Severity.HIGH,
                ENDS,
                "`%s` is changed while the loop goes over it",
                "`%s` is changed while the loop goes over it",
                "The loop goes over `%s` while this line changes it: that fails, or skips elements. Go over a copy, or"
                        + " collect first what is to change."),
        NOT_AWAITED(
                Categories.RACE_CONDITION,
                Severity.MEDIUM,
                WAITS,
                "nobody waits for `%s`",
                "Nobody waits for `%s`",
                "The promise of `%s` is not awaited: the function goes on before it is done, and its error is lost."),
        NOT_CLOSED(
                Categories.RESOURCE_LEAK,
                Severity.MEDIUM,
                CLOSES,
                "`%s` is never closed",
                "`%s` is not closed",
                "`%s` is opened here and not closed on every path."),
        NOT_LOCKED(
                Categories.RACE_CONDITION,
                Severity.HIGH,
                LOCKS,
                "another thread uses `%s` at the same time",
                "`%s` is changed without the lock",
                "Other functions hold a lock around `%s`, this one changes it without: two threads at once break it."),
        ERROR_IGNORED(
                Categories.SWALLOWED_ERROR,
                Severity.MEDIUM,
                NONE,
                "an error of `%s` is ignored",
                "The error is ignored: `%s`",
                "The error is dropped here: nobody learns of it, and the code goes on with what it did not get."),
        // Wrong for every input, not for a rare one.
        ORDER(
                Categories.WRONG_RESULT,
                Severity.HIGH,
                NONE,
                "",
                "The order is the other way round",
                "The description promises %s, and this sorts %s.");

        private final String category;
        private final Severity severity;
        private final Pattern dealtWithBy;
        private final String situation;
        private final String title;
        private final String message;

        Kind(String category, Severity severity, Pattern dealtWithBy, String situation, String title, String message) {
            this.category = category;
            this.severity = severity;
            this.dealtWithBy = dealtWithBy;
            this.situation = situation;
            this.title = title;
            this.message = message;
        }

        String category() {
            return category;
        }

        Severity severity() {
            return severity;
        }
    }

    /** What the question assumes. */
    String situation() {
        return kind.situation.formatted(subject, nothing());
    }

    String title() {
        return kind.title.formatted(shortSubject(), nothing());
    }

    String message() {
        return kind == Kind.ORDER
                ? kind.message.formatted(
                        subject.equals(Hazards.DESCENDING) ? "the smallest first" : "the largest first",
                        subject.equals(Hazards.DESCENDING) ? "the largest first" : "the smallest first")
                : kind.message.formatted(shortSubject(), nothing());
    }

    String code() {
        return function.text(line).strip();
    }

    /** Lines that may deal with it: the model chooses among them. */
    List<String> candidates() {
        boolean later = kind == Kind.NOT_CLOSED || kind == Kind.CHANGED_WHILE_READ;
        return function.body().stream()
                .filter(number -> number < line || (later && number > line))
                .map(number -> function.text(number).strip())
                .filter(text ->
                        !text.equals(code()) && kind.dealtWithBy.matcher(text).find())
                .distinct()
                .toList();
    }

    /** Whether there is something to ask; where no line could deal with the hazard, no answer could either. */
    boolean isOpen() {
        return kind == Kind.ORDER || !candidates().isEmpty();
    }

    /** A promise is read once: other words did not make the answer better. */
    boolean isAskedAgain() {
        return kind != Kind.ORDER;
    }

    /** Whether a new version of this one line is the whole correction. */
    boolean isCorrectedInOneLine() {
        return (kind == Kind.ORDER || kind == Kind.OUT_OF_BOUNDS) && code().startsWith("return");
    }

    /** The rule's name, where the model was not asked. */
    String rule() {
        return kind.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    private String nothing() {
        return switch (function.file().diff().language()) {
            case "python" -> "None";
            case "go" -> "nil";
            case "javascript", "typescript", "jsx", "tsx", "vue" -> "undefined";
            default -> "null";
        };
    }

    /** Goes into Markdown, where a repository may not put markup of its own. */
    private String shortSubject() {
        String shown = subject.replace("<", "&lt;");
        return shown.length() > MESSAGE_SUBJECT_MAX ? shown.substring(0, MESSAGE_SUBJECT_MAX) + "…" : shown;
    }
}
