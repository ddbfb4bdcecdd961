package dev.guildhall.reviewbot.reviewer.secrets;

import dev.guildhall.contract.review.ReviewStep;
import dev.guildhall.contract.review.Severity;
import dev.guildhall.reviewbot.pullrequest.Line;
import dev.guildhall.reviewbot.reviewer.Assignment;
import dev.guildhall.reviewbot.reviewer.Categories;
import dev.guildhall.reviewbot.reviewer.ChangedFile;
import dev.guildhall.reviewbot.reviewer.Observation;
import dev.guildhall.reviewbot.reviewer.Report;
import dev.guildhall.reviewbot.reviewer.Reviewer;
import dev.guildhall.reviewbot.reviewer.SecretScanner;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import org.springframework.stereotype.Component;

/** Reports secrets on added lines; what it says never holds the secret itself. */
@Component
class SecretsReviewer implements Reviewer {

    /** In tests made-up credentials are normal: there only formats that nothing else has are reported. */
    private static final double CONFIDENCE_IN_TESTS = 0.9;

    @Override
    public ReviewStep.Name step() {
        return ReviewStep.Name.ANALYZE;
    }

    @Override
    public Report review(Assignment assignment, Consumer<String> progress) {
        List<Observation> observations = new ArrayList<>();
        for (ChangedFile file : assignment.files()) {
            double least = isTest(file.diff().path()) ? CONFIDENCE_IN_TESTS : 0;
            file.diff().addedLines().forEach(line -> {
                for (SecretScanner.Match match : SecretScanner.find(line.text())) {
                    if (match.confidence() >= least) {
                        observations.add(observation(file.diff().path(), line, match));
                    }
                }
            });
        }
        return Report.of(
                observations,
                "secrets: %d found in %d files"
                        .formatted(observations.size(), assignment.files().size()));
    }

    private static Observation observation(String path, Line line, SecretScanner.Match match) {
        return new Observation(
                path,
                line.newNumber(),
                line.newNumber(),
                match.confidence() > 0.8 ? Severity.HIGH : Severity.MEDIUM,
                Categories.SECRET,
                match.title() + " in the repository",
                "This line adds a secret to the history, where everyone who can read the repository finds it."
                        + " Revoke it, take it from the environment or a secret store, and do not only delete the line.",
                SecretScanner.mask(line.text()),
                null,
                "secrets",
                match.rule(),
                match.confidence());
    }

    private static boolean isTest(String path) {
        String lower = path.toLowerCase(Locale.ROOT);
        return lower.contains("/test/")
                || lower.contains("/tests/")
                || lower.startsWith("test/")
                || lower.startsWith("tests/")
                || lower.contains("__tests__")
                || lower.contains("fixtures/");
    }
}
