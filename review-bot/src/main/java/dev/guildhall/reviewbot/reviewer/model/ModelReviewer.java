package dev.guildhall.reviewbot.reviewer.model;

import dev.guildhall.contract.Failure;
import dev.guildhall.contract.review.ReviewStep;
import dev.guildhall.contract.search.CodeChunk;
import dev.guildhall.contract.search.ContextAnswer;
import dev.guildhall.reviewbot.policy.Depth;
import dev.guildhall.reviewbot.pullrequest.Line;
import dev.guildhall.reviewbot.reviewer.Assignment;
import dev.guildhall.reviewbot.reviewer.Categories;
import dev.guildhall.reviewbot.reviewer.ChangedFile;
import dev.guildhall.reviewbot.reviewer.ModelUsage;
import dev.guildhall.reviewbot.reviewer.Observation;
import dev.guildhall.reviewbot.reviewer.Report;
import dev.guildhall.reviewbot.reviewer.Reviewer;
import dev.guildhall.reviewbot.reviewer.ReviewerException;
import dev.guildhall.reviewbot.reviewer.model.Answers.Claim;
import dev.guildhall.reviewbot.reviewer.model.ModelClient.ModelException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Gives the model the change, passage by passage, and keeps of its answers what stands in the change. */
final class ModelReviewer implements Reviewer {

    private static final Logger log = LoggerFactory.getLogger(ModelReviewer.class);

    private static final double CONFIDENCE = 0.5;
    private static final double CONFIDENCE_UNASKED = 0.6;
    private static final int PROBLEM_LENGTH_MIN = 10;
    private static final int TITLE_LENGTH_MAX = 100;

    private final ModelClient client;
    private final Prompts prompts;
    private final ModelSettings settings;

    ModelReviewer(ModelClient client, Prompts prompts, ModelSettings settings) {
        this.client = client;
        this.prompts = prompts;
        this.settings = settings;
    }

    @Override
    public ReviewStep.Name step() {
        return ReviewStep.Name.ASK_MODEL;
    }

    @Override
    public Report review(Assignment assignment, Consumer<String> progress)
            throws ReviewerException, InterruptedException {
        List<ChangedFile> files = assignment.files().stream()
                .filter(file -> file.depth() == Depth.MODEL)
                .sorted(Comparator.comparingInt(
                                (ChangedFile file) -> file.diff().linesAdded())
                        .thenComparingInt(file -> file.diff().index()))
                .toList();
        Run run = new Run(assignment, files.size(), progress);
        for (ChangedFile file : files) {
            run.read(file);
        }
        return run.report();
    }

    /** One review's questions, and what is left of its budget. */
    private final class Run {

        private final Assignment assignment;
        private final int files;
        private final Consumer<String> progress;
        private final long deadline = System.nanoTime() + settings.timeMax().toNanos();
        private final List<Observation> observations = new ArrayList<>();
        private final Map<Integer, Report.Shortfall> unread = new HashMap<>();
        private final Set<CodeChunk> shownChunks = new HashSet<>();
        private ModelUsage usage = ModelUsage.NONE;
        private int filesAsked;
        private int filesRead;
        private int dropped;
        private @Nullable ModelException failure;

        Run(Assignment assignment, int files, Consumer<String> progress) {
            this.assignment = assignment;
            this.files = files;
            this.progress = progress;
        }

        void read(ChangedFile file) throws InterruptedException {
            filesAsked++;
            progress.accept("%s, %d of %d files".formatted(file.diff().path(), filesAsked, files));
            askAboutHazards(file);
            List<Passage> passages = Passage.of(file, prompts.passageCharactersMax());
            int linesRead = 0;
            int passagesRead = 0;
            String shortfall = null;
            for (Passage passage : passages) {
                shortfall = whyNoMore(linesRead);
                if (shortfall != null) {
                    break;
                }
                try {
                    ask(passage);
                } catch (ModelException e) {
                    log.warn("the model did not read {}: {}", file.diff().path(), e.getMessage());
                    failure = e;
                    shortfall = "the model did not answer: " + e.getMessage();
                    if (!e.refused()) {
                        break;
                    }
                    continue;
                }
                passagesRead++;
                linesRead += (int) passage.lines().stream()
                        .filter(line -> line.kind() != Line.Kind.CONTEXT)
                        .count();
            }
            if (passagesRead > 0) {
                filesRead++;
            }
            if (shortfall != null) {
                unread.put(
                        file.diff().index(),
                        new Report.Shortfall(
                                passagesRead > 0,
                                passagesRead > 0
                                        ? "the model read %,d of %,d changed lines: %s"
                                                .formatted(
                                                        linesRead,
                                                        file.diff().linesAdded()
                                                                + file.diff().linesRemoved(),
                                                        shortfall)
                                        : "not read by the model: " + shortfall));
            }
        }

        Report report() throws ReviewerException {
            if (failure != null && filesRead == 0) {
                throw new ReviewerException(
                        new Failure(
                                "model-unavailable",
                                "model %s could not be asked: %s".formatted(client.model(), failure.getMessage()),
                                "Check that the inference node runs and serves this model, then run the review again."),
                        failure);
            }
            String summary = files == 0
                    ? "nothing in the change is for the model"
                    : "%d of %d files read, %d questions".formatted(filesRead, files, usage.calls());
            return new Report(observations, dropped, unread, usage, shownChunks.size(), summary);
        }

        private @Nullable String whyNoMore(int linesRead) {
            if (failure != null && !failure.refused()) {
                return "the model did not answer: " + failure.getMessage();
            }
            if (usage.calls() >= settings.callsMax()) {
                return "the limit guildhall.model.calls-max is %d questions".formatted(settings.callsMax());
            }
            if (System.nanoTime() >= deadline) {
                return "the time guildhall.model.time-max of %d s is over"
                        .formatted(settings.timeMax().toSeconds());
            }
            if (linesRead >= settings.linesPerFileMax()) {
                return "the limit guildhall.model.lines-per-file-max is %d lines".formatted(settings.linesPerFileMax());
            }
            return null;
        }

        /** What cannot be asked here is said of the passages, whose limits are the same. */
        private void askAboutHazards(ChangedFile file) throws InterruptedException {
            for (Hazard hazard : Hazards.of(file)) {
                if (whyNoMore(0) != null) {
                    return;
                }
                try {
                    if (!hazard.isOpen() || PointedQuestion.confirms(hazard, ask(PointedQuestion.first(hazard)))) {
                        String correction = hazard.isCorrectedInOneLine()
                                ? PointedQuestion.corrected(ask(PointedQuestion.correction(hazard)))
                                : "";
                        observations.add(observation(hazard, correction));
                    }
                } catch (ModelException e) {
                    log.warn("the model was not asked about {}: {}", hazard.title(), e.getMessage());
                    failure = e;
                }
            }
        }

        private String ask(PointedQuestion question) throws ModelException, InterruptedException {
            ModelClient.Answer answer = client.ask(
                    question.instructions(), question.question(), question.schema(), settings.answerTokensMax());
            usage = usage.plus(answer.usage());
            return answer.text();
        }

        /**
         * A model repeats itself, on the same line in other words and on the next one in the same. Where it only agrees
         * with what is known, its correction is of use.
         */
        private void addUnlessSaid(Observation observation) {
            boolean said = observations.stream()
                    .filter(other -> other.path().equals(observation.path()))
                    .anyMatch(other -> {
                        boolean fromModel = other.source().equals(Observation.MODEL);
                        boolean sameCategory = other.category().equals(observation.category());
                        return switch (Math.abs(other.startLine() - observation.startLine())) {
                            case 0 -> fromModel || !sameCategory;
                            case 1 -> fromModel && sameCategory;
                            default -> false;
                        };
                    });
            if (said) {
                dropped++;
            } else {
                observations.add(observation);
            }
        }

        private void ask(Passage passage) throws ModelException, InterruptedException {
            List<CodeChunk> chunks = prompts.context(
                    passage,
                    assignment.context().stream().map(ContextAnswer.Item::chunk).toList());
            shownChunks.addAll(chunks);
            ModelClient.Answer answer = client.ask(
                    prompts.instructions(assignment.instructions()),
                    prompts.question(assignment, passage, chunks),
                    Answers.FINDINGS_SCHEMA,
                    settings.answerTokensMax());
            usage = usage.plus(answer.usage());
            for (Claim claim : Answers.claims(answer.text())) {
                observation(passage, claim).ifPresentOrElse(this::addUnlessSaid, () -> {
                    dropped++;
                    log.debug("dropped, it is not in the change: {}", claim.code());
                });
            }
        }
    }

    private Observation observation(Hazard hazard, String correction) {
        ChangedFile file = hazard.function().file();
        return new Observation(
                file.diff().path(),
                hazard.line(),
                hazard.line(),
                hazard.kind().severity(),
                hazard.kind().category(),
                hazard.title(),
                hazard.message(),
                hazard.code(),
                Suggestion.of(correction, file.diff().language(), file.text(), hazard.line())
                        .orElse(null),
                hazard.isOpen() ? Observation.MODEL : Observation.CHECKS,
                hazard.isOpen() ? client.model() : hazard.rule(),
                hazard.isOpen() ? CONFIDENCE : CONFIDENCE_UNASKED);
    }

    private Optional<Observation> observation(Passage passage, Claim claim) {
        String problem = claim.problem().strip();
        if (problem.length() < PROBLEM_LENGTH_MIN) {
            return Optional.empty();
        }
        return Anchor.find(passage.lines(), claim.line(), claim.code()).map(line -> {
            ChangedFile file = passage.file();
            return new Observation(
                    file.diff().path(),
                    line.newNumber(),
                    line.newNumber(),
                    claim.severity(),
                    Categories.FOR_MODEL.contains(claim.category()) ? claim.category() : Categories.CORRECTNESS,
                    title(problem),
                    plain(problem),
                    line.text().strip(),
                    Suggestion.of(claim.fix(), file.diff().language(), file.text(), line.newNumber())
                            .orElse(null),
                    Observation.MODEL,
                    client.model(),
                    CONFIDENCE);
        });
    }

    private static String title(String problem) {
        String first = problem.lines().findFirst().orElse(problem).split("(?<=[.!?])\\s", 2)[0];
        String title = first.replaceAll("[.!]+$", "");
        if (title.length() > TITLE_LENGTH_MAX) {
            int space = title.lastIndexOf(' ', TITLE_LENGTH_MAX - 1);
            title = title.substring(0, space > 0 ? space : TITLE_LENGTH_MAX - 1) + "…";
        }
        return plain(title);
    }

    /** A model repeats what it read, and Markdown may not carry markup of a pull request's author. */
    private static String plain(String text) {
        return text.replace("<", "&lt;");
    }
}
