package dev.guildhall.reviewbot.reviewer.model;

import dev.guildhall.contract.Languages;
import dev.guildhall.contract.review.ReviewedFile.Change;
import dev.guildhall.reviewbot.policy.Depth;
import dev.guildhall.reviewbot.pullrequest.FileDiff;
import dev.guildhall.reviewbot.pullrequest.Hunk;
import dev.guildhall.reviewbot.pullrequest.Line;
import dev.guildhall.reviewbot.reviewer.Assignment;
import dev.guildhall.reviewbot.reviewer.ChangedFile;
import dev.guildhall.reviewbot.reviewer.Findings;
import dev.guildhall.reviewbot.reviewer.ModelUsage;
import dev.guildhall.reviewbot.reviewer.Observation;
import dev.guildhall.reviewbot.reviewer.Report;
import dev.guildhall.reviewbot.reviewer.SecondCheck;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.springframework.ai.openai.OpenAiChatModel;
import org.springframework.ai.openai.OpenAiChatOptions;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Measures what a real model finds in changes whose mistakes are known: src/test/evaluation/README.md says how to run
 * it. No test, since a model's answers are a measurement.
 */
final class ModelEvaluation {

    private static final PrintStream OUT = System.out;

    private final ModelReviewer reviewer;
    private final ModelSecondCheck secondCheck;

    private ModelEvaluation(String url, String model) {
        ModelSettings settings =
                new ModelSettings(model, 1200, 320, 200, 24, Duration.ofMinutes(10), 400, 10, Duration.ofMinutes(2));
        OpenAiChatModel chat = OpenAiChatModel.builder()
                .options(OpenAiChatOptions.builder()
                        .baseUrl(url)
                        .apiKey("none")
                        .timeout(Duration.ofMinutes(10))
                        .build())
                .build();
        ModelClient client = new ModelClient(chat, model, settings.patience());
        Prompts prompts = new Prompts(settings.promptTokensMax(), settings.contextTokensMax());
        reviewer = new ModelReviewer(client, prompts, settings);
        secondCheck = new ModelSecondCheck(client, prompts, settings.secondChecksMax());
    }

    private record Mistake(String path, Set<Integer> lines, Pattern about, String what) {}

    private record Score(int found, int known, int wrong, ModelUsage usage) {
        Score plus(Score other) {
            return new Score(found + other.found, known + other.known, wrong + other.wrong, usage.plus(other.usage));
        }

        @Override
        public String toString() {
            return String.format(
                    Locale.ROOT,
                    "%d of %d found, %d wrong; %d calls, %,d + %,d tokens, %.0f s",
                    found,
                    known,
                    wrong,
                    usage.calls(),
                    usage.promptTokens(),
                    usage.completionTokens(),
                    usage.millis() / 1e3);
        }
    }

    /** Arguments: base URL with {@code /v1}, the model's name, directories of changes. */
    public static void main(String[] arguments) throws Exception {
        ModelEvaluation evaluation = new ModelEvaluation(arguments[0], arguments[1]);
        Score sum = new Score(0, 0, 0, ModelUsage.NONE);
        for (String directory : List.of(arguments).subList(2, arguments.length)) {
            Score score = evaluation.measure(Path.of(directory));
            OUT.println(directory + ": " + score + "\n");
            sum = sum.plus(score);
        }
        OUT.println("all: " + sum);
    }

    private Score measure(Path directory) throws Exception {
        List<ChangedFile> files = files(directory);
        List<Mistake> mistakes = mistakes(directory.resolve("mistakes.json"), files);
        Assignment assignment = new Assignment("Change", "", files, List.of(), "");
        Report report = reviewer.review(assignment, _ -> {});
        SecondCheck.Verdicts verdicts = secondCheck.check(Findings.merge(report.observations()), assignment, _ -> {});
        Set<Mistake> found = new HashSet<>();
        int wrong = 0;
        for (Observation observation : verdicts.kept()) {
            List<Mistake> meant = mistakes.stream()
                    .filter(mistake -> mistake.path().equals(observation.path())
                            && mistake.lines().stream()
                                    .anyMatch(line -> observation.startLine() <= line && line <= observation.endLine())
                            && mistake.about()
                                    .matcher(observation.title() + ". " + observation.message())
                                    .find())
                    .toList();
            found.addAll(meant);
            wrong += meant.isEmpty() ? 1 : 0;
            OUT.printf(
                    "%s %s:%d [%s] %s: %s%s%n",
                    meant.isEmpty() ? "WRONG" : "true ",
                    observation.path(),
                    observation.startLine(),
                    observation.source(),
                    observation.category(),
                    observation.message(),
                    observation.suggestion() == null ? "" : "\n        suggestion: " + observation.suggestion());
        }
        report.observations().stream()
                .filter(observation -> verdicts.kept().stream()
                        .noneMatch(kept -> kept.startLine() == observation.startLine()
                                && kept.path().equals(observation.path())
                                && kept.category().equals(observation.category())))
                .forEach(dropped -> OUT.printf(
                        "dropped by the second check: %s:%d %s%n",
                        dropped.path(), dropped.startLine(), dropped.message()));
        mistakes.stream()
                .filter(mistake -> !found.contains(mistake))
                .forEach(missed -> OUT.printf("missed: %s %s%n", missed.path(), missed.what()));
        return new Score(found.size(), mistakes.size(), wrong, report.usage().plus(verdicts.usage()));
    }

    /** All files of {@code change}, or of the directory where there is none; lines that {@code base} has are unchanged. */
    private static List<ChangedFile> files(Path directory) throws IOException {
        Path changed = Files.isDirectory(directory.resolve("change")) ? directory.resolve("change") : directory;
        List<ChangedFile> files = new ArrayList<>();
        try (Stream<Path> paths = Files.walk(changed)) {
            for (Path path : paths.filter(Files::isRegularFile).sorted().toList()) {
                String name = changed.relativize(path).toString();
                if (!Languages.isCode(Languages.of(name))) {
                    continue;
                }
                String text = Files.readString(path);
                Path base = directory.resolve("base").resolve(name);
                Set<String> known = Files.exists(base) ? new HashSet<>(Files.readAllLines(base)) : Set.of();
                List<Line> lines = new ArrayList<>();
                text.lines()
                        .forEach(line -> lines.add(
                                known.contains(line)
                                        ? Line.context(lines.size() + 1, lines.size() + 1, line)
                                        : Line.added(lines.size() + 1, line)));
                int added = (int) lines.stream()
                        .filter(line -> line.kind() == Line.Kind.ADDED)
                        .count();
                files.add(new ChangedFile(
                        new FileDiff(
                                files.size(),
                                name,
                                null,
                                Change.ADDED,
                                added,
                                0,
                                new FileDiff.Content.Text(List.of(new Hunk(0, 0, 1, lines.size(), lines)), 0)),
                        text,
                        Depth.MODEL));
            }
        }
        return files;
    }

    private static List<Mistake> mistakes(Path list, List<ChangedFile> files) throws IOException {
        List<Mistake> mistakes = new ArrayList<>();
        for (JsonNode node :
                JsonMapper.shared().readTree(Files.readString(list)).values()) {
            String path = node.path("path").asString("");
            List<String> text = files.stream()
                    .filter(file -> file.diff().path().equals(path))
                    .findFirst()
                    .orElseThrow(() -> new IOException("%s names %s, which is not there".formatted(list, path)))
                    .text()
                    .lines()
                    .toList();
            Set<Integer> lines = new HashSet<>();
            lines.add(lineOf(text, node.path("quote").asString("")));
            if (node.has("also")) {
                lines.add(lineOf(text, node.path("also").asString("")));
            }
            mistakes.add(new Mistake(
                    path,
                    lines,
                    Pattern.compile(node.path("about").asString(""), Pattern.CASE_INSENSITIVE),
                    node.path("what").asString("")));
        }
        return mistakes;
    }

    /** The first line that holds the quote: mistakes come before their harmless twins. */
    private static int lineOf(List<String> text, String quote) throws IOException {
        for (int i = 0; i < text.size(); i++) {
            if (text.get(i).contains(quote)) {
                return i + 1;
            }
        }
        throw new IOException("no line holds " + quote);
    }
}
