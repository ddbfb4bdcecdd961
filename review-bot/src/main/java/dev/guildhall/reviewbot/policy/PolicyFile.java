package dev.guildhall.reviewbot.policy;

import dev.guildhall.contract.review.Severity;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.PatternSyntaxException;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.YAMLException;

/**
 * Reads {@code .guildhall.yml}.
 *
 * <pre>
 * review:
 *   ignore: ["docs/**", "**&#47;*.snap"]
 *   max-findings: 5
 *   min-severity: medium
 *   instructions: Money is in cents, always long.
 * </pre>
 */
public final class PolicyFile {

    public static final String PATH = ".guildhall.yml";

    /** Larger files are refused unread. */
    public static final int BYTES_MAX = 32 * 1024;

    private static final int IGNORE_MAX = 200;
    private static final int GLOB_LENGTH_MAX = 200;
    private static final int INSTRUCTIONS_LENGTH_MAX = 500;
    private static final int NESTING_MAX = 10;
    private static final Set<String> KEYS = Set.of("ignore", "max-findings", "min-severity", "instructions");

    private PolicyFile() {}

    /**
     * What the file says.
     *
     * @param note why the file was ignored; empty where it counts
     */
    public record Reading(Policy policy, Optional<String> note) {}

    /** Reads the text; an invalid file counts as absent, and the note says what is wrong with it. */
    public static Reading read(String text, int findingsMax) {
        try {
            return new Reading(parse(text, findingsMax), Optional.empty());
        } catch (InvalidPolicyException e) {
            return new Reading(
                    Policy.standard(findingsMax), Optional.of("%s is ignored: %s".formatted(PATH, e.getMessage())));
        }
    }

    private static Policy parse(String text, int findingsMax) throws InvalidPolicyException {
        Object root = load(text);
        if (root == null) {
            return Policy.standard(findingsMax);
        }
        if (!(root instanceof Map<?, ?> document)) {
            throw new InvalidPolicyException("it is not a map with the key 'review'");
        }
        Object section = document.get("review");
        if (section == null) {
            return Policy.standard(findingsMax);
        }
        if (!(section instanceof Map<?, ?> review)) {
            throw new InvalidPolicyException("'review' is not a map");
        }
        Set<String> unknown = new TreeSet<>();
        review.keySet().forEach(key -> unknown.add(String.valueOf(key)));
        unknown.removeAll(KEYS);
        if (!unknown.isEmpty()) {
            throw new InvalidPolicyException(
                    "unknown keys %s under 'review', known are %s".formatted(unknown, new TreeSet<>(KEYS)));
        }
        return new Policy(
                globs(review.get("ignore")),
                findingsMax(review.get("max-findings"), findingsMax),
                severity(review.get("min-severity")),
                instructions(review.get("instructions")));
    }

    private static @Nullable Object load(String text) throws InvalidPolicyException {
        LoaderOptions options = new LoaderOptions();
        options.setMaxAliasesForCollections(10);
        options.setNestingDepthLimit(NESTING_MAX);
        options.setCodePointLimit(BYTES_MAX);
        options.setAllowDuplicateKeys(false);
        options.setAllowRecursiveKeys(false);
        try {
            return new Yaml(new SafeConstructor(options)).load(text);
        } catch (YAMLException | StackOverflowError e) {
            throw new InvalidPolicyException("it is not valid YAML: "
                    + String.valueOf(e.getMessage()).lines().findFirst().orElse(""));
        }
    }

    private static List<String> globs(@Nullable Object value) throws InvalidPolicyException {
        List<String> globs = new ArrayList<>();
        if (value == null) {
            return globs;
        }
        if (!(value instanceof List<?> list) || list.size() > IGNORE_MAX) {
            throw new InvalidPolicyException("'ignore' is not a list of at most %d globs".formatted(IGNORE_MAX));
        }
        for (Object item : list) {
            if (!(item instanceof String glob) || glob.isBlank() || glob.length() > GLOB_LENGTH_MAX) {
                throw new InvalidPolicyException(
                        "'%s' under 'ignore' is not a glob of 1 to %d characters".formatted(item, GLOB_LENGTH_MAX));
            }
            try {
                Policy.matcher(glob);
            } catch (PatternSyntaxException e) {
                throw new InvalidPolicyException("glob '%s' under 'ignore': %s".formatted(glob, e.getDescription()));
            }
            globs.add(glob);
        }
        return globs;
    }

    private static int findingsMax(@Nullable Object value, int limit) throws InvalidPolicyException {
        if (value == null) {
            return limit;
        }
        if (!(value instanceof Integer number) || number < 0 || number > 100) {
            throw new InvalidPolicyException("'max-findings' is '%s', allowed are 0 to 100".formatted(value));
        }
        return number;
    }

    private static Severity severity(@Nullable Object value) throws InvalidPolicyException {
        if (value == null) {
            return Severity.LOW;
        }
        for (Severity severity : Severity.values()) {
            if (severity.name().toLowerCase(Locale.ROOT).equals(value)) {
                return severity;
            }
        }
        throw new InvalidPolicyException("'min-severity' is '%s', allowed are high, medium and low".formatted(value));
    }

    private static String instructions(@Nullable Object value) throws InvalidPolicyException {
        if (value == null) {
            return "";
        }
        if (!(value instanceof String text) || text.length() > INSTRUCTIONS_LENGTH_MAX) {
            throw new InvalidPolicyException(
                    "'instructions' is not a text of at most %d characters".formatted(INSTRUCTIONS_LENGTH_MAX));
        }
        return text.strip();
    }

    private static final class InvalidPolicyException extends Exception {

        private static final long serialVersionUID = 1L;

        InvalidPolicyException(String message) {
            super(message);
        }
    }
}
