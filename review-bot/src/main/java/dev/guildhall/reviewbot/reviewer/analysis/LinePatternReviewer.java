package dev.guildhall.reviewbot.reviewer.analysis;

import dev.guildhall.contract.review.ReviewStep;
import dev.guildhall.contract.review.Severity;
import dev.guildhall.reviewbot.policy.Depth;
import dev.guildhall.reviewbot.reviewer.Assignment;
import dev.guildhall.reviewbot.reviewer.Categories;
import dev.guildhall.reviewbot.reviewer.ChangedFile;
import dev.guildhall.reviewbot.reviewer.Observation;
import dev.guildhall.reviewbot.reviewer.Report;
import dev.guildhall.reviewbot.reviewer.Reviewer;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/** A few mistakes that one line shows, for languages that have no analyzer here. */
final class LinePatternReviewer implements Reviewer {

    private static final int LINE_LENGTH_MAX = 500;

    private static final Set<String> PYTHON = Set.of("python");
    private static final Set<String> SCRIPT = Set.of("javascript", "typescript", "jsx", "tsx", "vue");
    private static final Set<String> GO = Set.of("go");

    private record Check(
            Set<String> languages,
            String rule,
            Severity severity,
            String category,
            String title,
            String message,
            Pattern pattern) {}

    private static final List<Check> CHECKS = List.of(
            new Check(
                    PYTHON,
                    "eval",
                    Severity.HIGH,
                    Categories.CODE_INJECTION,
                    "eval runs whatever it is given",
                    "Whoever controls the text runs code in this process. Parse it instead, for instance with"
                            + " `ast.literal_eval` or `json.loads`.",
                    Pattern.compile("(?<![\\w.])(?:eval|exec)\\((?!\\s*[\"'][^\"'{]*[\"']\\s*\\))")),
            new Check(
                    PYTHON,
                    "shell-true",
                    Severity.HIGH,
                    Categories.COMMAND_INJECTION,
                    "A shell interprets the command",
                    "With `shell=True` every value in the command can add commands of its own. Pass a list of arguments"
                            + " without a shell.",
                    Pattern.compile("shell\\s{0,3}=\\s{0,3}True|\\bos\\.system\\((?!\\s*[\"'][^\"'{%+]*[\"']\\s*\\))")),
            new Check(
                    PYTHON,
                    "mutable-default",
                    Severity.MEDIUM,
                    Categories.SHARED_STATE,
                    "The default value is shared by all calls",
                    "The list or dict is made once, when the function is defined, and keeps what earlier calls put into"
                            + " it. Use `None` and make a new one inside.",
                    Pattern.compile(
                            "^\\s*(?:async\\s+)?def\\s+\\w+\\(.*=\\s*(?:\\[\\s*\\]|\\{\\s*\\}|list\\(\\)|dict\\(\\)|set\\(\\))")),
            new Check(
                    PYTHON,
                    "yaml-load",
                    Severity.HIGH,
                    Categories.CODE_INJECTION,
                    "yaml.load can run code",
                    "`yaml.load` builds any object that the document names. Use `yaml.safe_load`.",
                    Pattern.compile("\\byaml\\.load\\((?!.*(?:SafeLoader|CSafeLoader))")),
            new Check(
                    PYTHON,
                    "pickle",
                    Severity.MEDIUM,
                    Categories.CODE_INJECTION,
                    "Unpickling runs code",
                    "Whoever writes the bytes runs code in this process. Use JSON where the data comes from outside.",
                    Pattern.compile("\\bpickle\\.loads?\\(")),
            new Check(
                    PYTHON,
                    "sql-built",
                    Severity.HIGH,
                    Categories.SQL_INJECTION,
                    "SQL is built from values",
                    "A value is put into the text of an SQL statement. Whoever controls the value controls the statement:"
                            + " pass it as a parameter.",
                    Pattern.compile(
                            "(?i)\\bf[\"']{1,3}\\s*(?:select\\s.{0,200}\\sfrom\\s|insert\\s+into\\s|update\\s.{0,200}"
                                    + "\\sset\\s|delete\\s+from\\s).{0,300}\\{|execute\\(\\s*[\"'](?:select|insert|update|delete)\\s"
                                    + ".{0,300}[\"']\\s*(?:%|\\+|\\.format\\()")),
            new Check(
                    PYTHON,
                    "bare-except",
                    Severity.MEDIUM,
                    Categories.SWALLOWED_ERROR,
                    "Every error is swallowed",
                    "This catches everything, also what nobody foresaw, and goes on as if nothing had happened.",
                    Pattern.compile(
                            "^\\s*except(?:\\s+(?:Base)?Exception(?:\\s+as\\s+\\w+)?)?\\s*:\\s*pass\\b|^\\s*except\\s*:")),
            new Check(
                    PYTHON,
                    "no-certificate-check",
                    Severity.HIGH,
                    Categories.WEAK_CRYPTOGRAPHY,
                    "Certificates are not checked",
                    "With `verify=False` anyone on the way can read and change what is sent.",
                    Pattern.compile("\\bverify\\s{0,3}=\\s{0,3}False\\b")),
            new Check(
                    SCRIPT,
                    "eval",
                    Severity.HIGH,
                    Categories.CODE_INJECTION,
                    "eval runs whatever it is given",
                    "Whoever controls the text runs code here. Parse it instead, for instance with `JSON.parse`.",
                    Pattern.compile("(?<![\\w.])eval\\((?!\\s*\\))|\\bnew\\s+Function\\(\\s*[^)\\s]")),
            new Check(
                    SCRIPT,
                    "inner-html",
                    Severity.HIGH,
                    Categories.CROSS_SITE_SCRIPTING,
                    "Text becomes HTML",
                    "A value that holds markup runs as script in the reader's browser. Set `textContent`, or clean the"
                            + " value first.",
                    Pattern.compile(
                            "\\.(?:innerHTML|outerHTML)\\s{0,3}\\+?=(?!=)(?!\\s*[\"'`][^\"'`$]*[\"'`]\\s*;?\\s*$)"
                                    + "|\\bdocument\\.write\\(")),
            new Check(
                    SCRIPT,
                    "command-built",
                    Severity.HIGH,
                    Categories.COMMAND_INJECTION,
                    "A command is built from values",
                    "Whoever controls the value can add commands of their own. Use `execFile` with a list of arguments.",
                    Pattern.compile("\\bexec(?:Sync)?\\(\\s*(?:`[^`]*\\$\\{|[\"'][^\"']*[\"']\\s*\\+)")),
            new Check(
                    SCRIPT,
                    "sql-built",
                    Severity.HIGH,
                    Categories.SQL_INJECTION,
                    "SQL is built from values",
                    "A value is put into the text of an SQL statement. Whoever controls the value controls the statement:"
                            + " pass it as a parameter.",
                    Pattern.compile(
                            "(?i)[\"'`]\\s*(?:select\\s[^\"'`]{0,200}\\sfrom\\s|insert\\s+into\\s|update\\s[^\"'`]{0,200}"
                                    + "\\sset\\s|delete\\s+from\\s)[^\"`]{0,300}(?:\\$\\{|[\"']\\s*\\+)")),
            new Check(
                    SCRIPT,
                    "no-certificate-check",
                    Severity.HIGH,
                    Categories.WEAK_CRYPTOGRAPHY,
                    "Certificates are not checked",
                    "Without the check anyone on the way can read and change what is sent.",
                    Pattern.compile("rejectUnauthorized\\s{0,3}:\\s{0,3}false")),
            new Check(
                    GO,
                    "sql-built",
                    Severity.HIGH,
                    Categories.SQL_INJECTION,
                    "SQL is built from values",
                    "A value is put into the text of an SQL statement. Whoever controls the value controls the statement:"
                            + " pass it as a parameter.",
                    Pattern.compile(
                            "(?i)[\"`]\\s*(?:select\\s[^\"`]{0,200}\\sfrom\\s|insert\\s+into\\s|update\\s[^\"`]{0,200}"
                                    + "\\sset\\s|delete\\s+from\\s)[^\"`]{0,300}(?:%[svq]|[\"`]\\s*\\+)")),
            new Check(
                    GO,
                    "no-certificate-check",
                    Severity.HIGH,
                    Categories.WEAK_CRYPTOGRAPHY,
                    "Certificates are not checked",
                    "Without the check anyone on the way can read and change what is sent.",
                    Pattern.compile("InsecureSkipVerify\\s{0,3}:\\s{0,3}true")));

    @Override
    public ReviewStep.Name step() {
        return ReviewStep.Name.ANALYZE;
    }

    @Override
    public Report review(Assignment assignment, Consumer<String> progress) {
        List<Observation> observations = new ArrayList<>();
        for (ChangedFile file : assignment.files()) {
            if (file.depth().compareTo(Depth.ANALYSIS) < 0) {
                continue;
            }
            String language = file.diff().language();
            List<Check> checks = CHECKS.stream()
                    .filter(check -> check.languages().contains(language))
                    .toList();
            if (checks.isEmpty()) {
                continue;
            }
            file.diff()
                    .addedLines()
                    .filter(line -> line.text().length() <= LINE_LENGTH_MAX && !isComment(line.text()))
                    .forEach(line -> checks.stream()
                            .filter(check ->
                                    check.pattern().matcher(line.text()).find())
                            .map(check -> new Observation(
                                    file.diff().path(),
                                    line.newNumber(),
                                    line.newNumber(),
                                    check.severity(),
                                    check.category(),
                                    check.title(),
                                    check.message(),
                                    line.text().strip(),
                                    null,
                                    Observation.CHECKS,
                                    check.rule(),
                                    0.8))
                            .forEach(observations::add));
        }
        return Report.of(observations, "line checks: %d found".formatted(observations.size()));
    }

    private static boolean isComment(String line) {
        String text = line.strip();
        return text.startsWith("#") || text.startsWith("//") || text.startsWith("*") || text.startsWith("/*");
    }
}
