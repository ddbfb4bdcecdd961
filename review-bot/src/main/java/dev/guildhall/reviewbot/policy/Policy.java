package dev.guildhall.reviewbot.policy;

import dev.guildhall.contract.review.Severity;
import java.nio.file.FileSystems;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.util.List;
import java.util.Optional;

/**
 * The repository's own rules for its reviews.
 *
 * @param ignore globs of files that nobody reads
 * @param findingsMax most findings of one review
 * @param severityMin what is less severe is not said
 * @param instructions for the model, in the words of the repository's owners; may be empty
 */
public record Policy(List<String> ignore, int findingsMax, Severity severityMin, String instructions) {

    public Policy {
        ignore = List.copyOf(ignore);
    }

    /** What holds where a repository says nothing. */
    public static Policy standard(int findingsMax) {
        return new Policy(List.of(), findingsMax, Severity.LOW, "");
    }

    /** The glob that leaves the file out. */
    Optional<String> ignoredBy(String path) {
        try {
            Path candidate = Path.of(path);
            return ignore.stream().filter(glob -> matches(glob, candidate)).findFirst();
        } catch (InvalidPathException e) {
            return Optional.empty();
        }
    }

    static PathMatcher matcher(String glob) {
        return FileSystems.getDefault().getPathMatcher("glob:" + glob);
    }

    private static boolean matches(String glob, Path path) {
        return matcher(glob).matches(path)
                || (glob.startsWith("**/") && matcher(glob.substring(3)).matches(path));
    }
}
