package dev.guildhall.reviewbot.reviewer.analysis;

import dev.guildhall.contract.review.ReviewStep;
import dev.guildhall.contract.review.Severity;
import dev.guildhall.reviewbot.policy.Depth;
import dev.guildhall.reviewbot.pullrequest.Line;
import dev.guildhall.reviewbot.reviewer.Assignment;
import dev.guildhall.reviewbot.reviewer.Categories;
import dev.guildhall.reviewbot.reviewer.ChangedFile;
import dev.guildhall.reviewbot.reviewer.ModelUsage;
import dev.guildhall.reviewbot.reviewer.Observation;
import dev.guildhall.reviewbot.reviewer.Report;
import dev.guildhall.reviewbot.reviewer.Reviewer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import net.sourceforge.pmd.PMDConfiguration;
import net.sourceforge.pmd.PmdAnalysis;
import net.sourceforge.pmd.lang.LanguageVersion;
import net.sourceforge.pmd.lang.document.FileId;
import net.sourceforge.pmd.lang.document.TextFile;
import net.sourceforge.pmd.lang.java.JavaLanguageModule;
import net.sourceforge.pmd.lang.rule.RuleSet;
import net.sourceforge.pmd.lang.rule.RuleSetLoader;
import net.sourceforge.pmd.reporting.RuleViolation;
import net.sourceforge.pmd.util.log.PmdReporter;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs PMD's rules over changed Java files and keeps what it says about added lines. */
final class PmdReviewer implements Reviewer {

    private static final Logger log = LoggerFactory.getLogger(PmdReviewer.class);

    private static final String RULES = "dev/guildhall/reviewbot/reviewer/analysis/java-rules.xml";
    private static final String SUPPRESSION_MARKER = "NOPMD";

    /** Deeply nested source makes a parser recurse: this is enough for any honest file. */
    private static final long STACK_BYTES = 16L * 1024 * 1024;

    private static final int EVIDENCE_LINES_MAX = 3;
    private static final Set<String> IDENTITY_RULES = Set.of("UseEqualsToCompareStrings", "CompareObjectsWithEquals");
    private static final Pattern PLACE = Pattern.compile("line (\\d+)");

    private final Duration fileTimeMax;
    private final LanguageVersion java;
    private final RuleSet rules;

    PmdReviewer(Duration fileTimeMax) {
        this.fileTimeMax = fileTimeMax;
        this.java = JavaLanguageModule.getInstance().getDefaultVersion();
        this.rules = new RuleSetLoader().loadFromResource(RULES);
    }

    @Override
    public ReviewStep.Name step() {
        return ReviewStep.Name.ANALYZE;
    }

    @Override
    public Report review(Assignment assignment, Consumer<String> progress) throws InterruptedException {
        List<Observation> observations = new ArrayList<>();
        Map<Integer, Report.Shortfall> unread = new HashMap<>();
        int files = 0;
        for (ChangedFile file : assignment.files()) {
            if (file.depth().compareTo(Depth.ANALYSIS) < 0
                    || !file.diff().language().equals("java")) {
                continue;
            }
            progress.accept(file.diff().path());
            try {
                observations.addAll(onAddedLines(file, violations(file)));
                files++;
            } catch (AnalysisFailedException e) {
                log.warn("PMD could not read {}: {}", file.diff().path(), e.getMessage());
                unread.put(file.diff().index(), new Report.Shortfall(true, "PMD could not read it: " + e.getMessage()));
            }
        }
        return new Report(
                observations,
                0,
                unread,
                ModelUsage.NONE,
                0,
                "PMD: %d found in %d Java files".formatted(observations.size(), files));
    }

    /** In a thread of its own: a parser that does not end, or runs out of stack, takes nothing else with it. */
    private List<RuleViolation> violations(ChangedFile file) throws AnalysisFailedException, InterruptedException {
        FutureTask<List<RuleViolation>> analysis = new FutureTask<>(() -> analyze(file));
        Thread thread = new Thread(null, analysis, "pmd", STACK_BYTES);
        thread.setDaemon(true);
        thread.start();
        try {
            return analysis.get(fileTimeMax.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            throw new AnalysisFailedException(
                    "not done after %s (guildhall.analysis.file-time-max)".formatted(fileTimeMax));
        } catch (ExecutionException e) {
            throw new AnalysisFailedException(
                    e.getCause() instanceof AnalysisFailedException failed
                            ? String.valueOf(failed.getMessage())
                            : e.getCause() == null
                                    ? "unknown"
                                    : e.getCause().getClass().getSimpleName());
        } finally {
            thread.interrupt();
        }
    }

    private List<RuleViolation> analyze(ChangedFile file) throws AnalysisFailedException {
        PMDConfiguration configuration = new PMDConfiguration();
        configuration.setThreads(0);
        configuration.setIgnoreIncrementalAnalysis(true);
        configuration.setSuppressMarker(SUPPRESSION_MARKER);
        configuration.setReporter(PmdReporter.quiet());
        try (PmdAnalysis analysis = PmdAnalysis.create(configuration)) {
            analysis.addRuleSet(rules);
            analysis.files()
                    .addFile(TextFile.forCharSeq(
                            file.text(), FileId.fromPathLikeString(file.diff().path()), java));
            var report = analysis.performAnalysisAndCollectReport();
            if (!report.getProcessingErrors().isEmpty()) {
                throw new AnalysisFailedException(
                        whereItStops(report.getProcessingErrors().getFirst().getMsg()));
            }
            return report.getViolations();
        }
    }

    private static String whereItStops(String message) {
        Matcher place = PLACE.matcher(message);
        return place.find() ? "not valid Java at line " + place.group(1) : "not valid Java";
    }

    private static List<Observation> onAddedLines(ChangedFile file, List<RuleViolation> violations) {
        Map<Integer, Line> added =
                file.diff().addedLines().collect(Collectors.toMap(Line::newNumber, line -> line, (a, _) -> a));
        List<String> lines = file.text().lines().toList();
        List<Observation> observations = new ArrayList<>();
        for (RuleViolation violation : violations) {
            int start = violation.getBeginLine();
            if (!added.containsKey(start) || start > lines.size()) {
                continue;
            }
            int end = Math.min(Math.max(start, violation.getEndLine()), lines.size());
            int shownEnd = end - start < EVIDENCE_LINES_MAX ? end : start;
            JavaRule rule = JavaRule.of(violation.getRule().getName());
            observations.add(new Observation(
                    file.diff().path(),
                    start,
                    shownEnd,
                    rule.severity(),
                    rule.category(),
                    rule.title(),
                    violation.getDescription().strip(),
                    String.join("\n", lines.subList(start - 1, shownEnd)).strip(),
                    suggestion(violation, lines, file.text()),
                    "pmd",
                    violation.getRule().getName(),
                    rule.severity() == Severity.HIGH ? 0.9 : 0.8));
        }
        return observations;
    }

    /** What can take the place of the line; null where no correction is sure to be right. */
    private static @Nullable String suggestion(RuleViolation violation, List<String> lines, String text) {
        if (!IDENTITY_RULES.contains(violation.getRule().getName())
                || violation.getBeginLine() != violation.getEndLine()) {
            return null;
        }
        return IdentityComparison.byValue(
                        lines.get(violation.getBeginLine() - 1),
                        violation.getBeginColumn() - 1,
                        violation.getEndColumn() - 1,
                        text)
                .orElse(null);
    }

    /** How this project names and weighs what a rule finds. */
    private record JavaRule(Severity severity, String category, String title) {

        private static final Map<String, JavaRule> BY_NAME = Map.ofEntries(
                high("SqlBuiltByConcatenation", Categories.SQL_INJECTION, "SQL is built from values"),
                high("CommandBuiltByConcatenation", Categories.COMMAND_INJECTION, "A command is built from values"),
                medium("WeakHash", Categories.WEAK_CRYPTOGRAPHY, "Broken hash algorithm"),
                high("WeakCipher", Categories.WEAK_CRYPTOGRAPHY, "Broken cipher"),
                high("HardCodedCryptoKey", Categories.SECRET, "Hard-coded key"),
                medium("InsecureCryptoIv", Categories.WEAK_CRYPTOGRAPHY, "Constant initialisation vector"),
                high("BrokenNullCheck", Categories.NULL_DEREFERENCE, "The null check is the wrong way round"),
                high("MisplacedNullCheck", Categories.NULL_DEREFERENCE, "The null check comes too late"),
                high("EqualsNull", Categories.NULL_DEREFERENCE, "equals(null) is never true"),
                high("UseEqualsToCompareStrings", Categories.WRONG_COMPARISON, "Strings are compared by identity"),
                medium("CompareObjectsWithEquals", Categories.WRONG_COMPARISON, "Objects are compared by identity"),
                medium("ComparisonWithNaN", Categories.WRONG_COMPARISON, "Comparison with NaN"),
                medium(
                        "OverrideBothEqualsAndHashcode",
                        Categories.WRONG_COMPARISON,
                        "equals without hashCode, or the other way round"),
                medium("SuspiciousEqualsMethodName", Categories.WRONG_COMPARISON, "This is not Object.equals"),
                medium("SuspiciousHashcodeMethodName", Categories.WRONG_COMPARISON, "This is not Object.hashCode"),
                medium(
                        "CollectionTypeMismatch",
                        Categories.WRONG_COMPARISON,
                        "The collection never holds such a value"),
                medium("EmptyCatchBlock", Categories.SWALLOWED_ERROR, "An exception is swallowed"),
                high("ReturnFromFinallyBlock", Categories.SWALLOWED_ERROR, "return in finally drops the exception"),
                medium(
                        "DoNotThrowExceptionInFinally",
                        Categories.SWALLOWED_ERROR,
                        "throw in finally drops the exception"),
                low("PreserveStackTrace", Categories.SWALLOWED_ERROR, "The cause of the exception is lost"),
                low("AvoidPrintStackTrace", Categories.SWALLOWED_ERROR, "The exception is printed, not handled"),
                medium("AvoidCatchingNPE", Categories.SWALLOWED_ERROR, "A NullPointerException is caught"),
                medium("CloseResource", Categories.RESOURCE_LEAK, "A resource is not closed on every path"),
                medium("CheckSkipResult", Categories.WRONG_RESULT, "skip may skip less than asked"),
                medium("CheckResultSet", Categories.WRONG_RESULT, "The cursor's move is not checked"),
                high("JumbledIncrementer", Categories.WRONG_RESULT, "The inner loop moves the outer counter"),
                medium("AvoidBranchingStatementAsLastInLoop", Categories.WRONG_CONDITION, "The loop runs only once"),
                medium("ImplicitSwitchFallThrough", Categories.WRONG_CONDITION, "A case falls through"),
                medium("IdenticalConditionalBranches", Categories.WRONG_CONDITION, "Both branches do the same"),
                medium("UnconditionalIfStatement", Categories.WRONG_CONDITION, "The condition never changes"),
                medium("UselessOperationOnImmutable", Categories.WRONG_RESULT, "The result is thrown away"),
                low("UselessPureMethodCall", Categories.WRONG_RESULT, "The result is thrown away"),
                medium(
                        "AvoidDecimalLiteralsInBigDecimalConstructor",
                        Categories.WRONG_RESULT,
                        "new BigDecimal(double) is not exact"),
                medium("AvoidUsingOctalValues", Categories.WRONG_RESULT, "This number is octal"),
                medium("DontUseFloatTypeForLoopIndices", Categories.WRONG_RESULT, "A float counts the loop"),
                medium("IdempotentOperations", Categories.WRONG_RESULT, "The assignment does nothing"),
                medium("InvalidLogMessageFormat", Categories.WRONG_RESULT, "Placeholders and arguments differ"),
                medium("ClassCastExceptionWithToArray", Categories.WRONG_RESULT, "toArray() cannot be cast"),
                medium("DoubleCheckedLocking", Categories.RACE_CONDITION, "Double-checked locking without volatile"),
                medium("NonThreadSafeSingleton", Categories.RACE_CONDITION, "Two threads may create it twice"),
                medium(
                        "UnsynchronizedStaticFormatter",
                        Categories.RACE_CONDITION,
                        "A shared formatter is used without a lock"),
                medium("DontCallThreadRun", Categories.RACE_CONDITION, "run() does not start a thread"),
                low("UseNotifyAllInsteadOfNotify", Categories.RACE_CONDITION, "notify may wake the wrong thread"),
                low("UnusedLocalVariable", Categories.DEAD_CODE, "A local variable is never used"),
                low("UnusedPrivateMethod", Categories.DEAD_CODE, "A private method is never called"),
                low("UnusedPrivateField", Categories.DEAD_CODE, "A private field is never read"));

        static JavaRule of(String rule) {
            return BY_NAME.getOrDefault(rule, new JavaRule(Severity.LOW, Categories.CORRECTNESS, rule));
        }

        private static Map.Entry<String, JavaRule> high(String rule, String category, String title) {
            return Map.entry(rule, new JavaRule(Severity.HIGH, category, title));
        }

        private static Map.Entry<String, JavaRule> medium(String rule, String category, String title) {
            return Map.entry(rule, new JavaRule(Severity.MEDIUM, category, title));
        }

        private static Map.Entry<String, JavaRule> low(String rule, String category, String title) {
            return Map.entry(rule, new JavaRule(Severity.LOW, category, title));
        }
    }

    private static final class AnalysisFailedException extends Exception {

        private static final long serialVersionUID = 1L;

        AnalysisFailedException(String message) {
            super(message);
        }
    }
}
