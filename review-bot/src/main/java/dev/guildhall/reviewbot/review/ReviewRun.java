package dev.guildhall.reviewbot.review;

import dev.guildhall.contract.Failure;
import dev.guildhall.contract.RepositoryRef;
import dev.guildhall.contract.event.PullRequestEvent;
import dev.guildhall.contract.event.ReviewCompleted;
import dev.guildhall.contract.review.ReviewStep.Name;
import dev.guildhall.contract.review.ReviewUsage;
import dev.guildhall.contract.review.ReviewedFile;
import dev.guildhall.reviewbot.context.ContextFinder;
import dev.guildhall.reviewbot.forge.DiffLimits;
import dev.guildhall.reviewbot.forge.Forge;
import dev.guildhall.reviewbot.forge.ForgeException;
import dev.guildhall.reviewbot.policy.Depth;
import dev.guildhall.reviewbot.policy.FileSelection;
import dev.guildhall.reviewbot.policy.PolicyFile;
import dev.guildhall.reviewbot.publish.Patches;
import dev.guildhall.reviewbot.pullrequest.Diff;
import dev.guildhall.reviewbot.pullrequest.FileDiff;
import dev.guildhall.reviewbot.reviewer.Assignment;
import dev.guildhall.reviewbot.reviewer.ChangedFile;
import dev.guildhall.reviewbot.reviewer.Findings;
import dev.guildhall.reviewbot.reviewer.ModelUsage;
import dev.guildhall.reviewbot.reviewer.Observation;
import dev.guildhall.reviewbot.reviewer.Report;
import dev.guildhall.reviewbot.reviewer.Reviewer;
import dev.guildhall.reviewbot.reviewer.ReviewerException;
import dev.guildhall.reviewbot.reviewer.SecondCheck;
import dev.guildhall.reviewbot.reviewer.SecretScanner;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;

/** One run of a review, from the event to its outcome. It writes nothing but steps and the diffs that are shown. */
class ReviewRun {

    private final Map<RepositoryRef.Forge, Forge> forges;
    private final DiffLimits limits;
    private final ContextFinder contextFinder;
    private final List<Reviewer> reviewers;
    private final SecondCheck secondCheck;
    private final Patches patches;
    private final int findingsMax;
    private final Clock clock;

    ReviewRun(
            List<Forge> forges,
            DiffLimits limits,
            ContextFinder contextFinder,
            List<Reviewer> reviewers,
            SecondCheck secondCheck,
            Patches patches,
            int findingsMax,
            Clock clock) {
        this.forges = forges.stream().collect(Collectors.toMap(Forge::kind, forge -> forge));
        this.limits = limits;
        this.contextFinder = contextFinder;
        this.reviewers = List.copyOf(reviewers);
        this.secondCheck = secondCheck;
        this.patches = patches;
        this.findingsMax = findingsMax;
        this.clock = clock;
    }

    ReviewCompleted run(Review review, Steps steps) throws InterruptedException {
        Duration waited = Duration.between(review.queuedAt(), clock.instant());
        steps.completeAfter(Name.QUEUED, review.run() > 1 ? "taken up again" : "taken up", waited);
        try {
            Change change = read(review, steps);
            ContextFinder.Context context = findContext(review, change, steps);
            Reports reports = ask(review, change, context, steps);
            return conclude(review, change, context, reports, steps);
        } catch (ForgeException e) {
            return failed(review, steps, e.failure());
        } catch (ReviewerException e) {
            return failed(review, steps, e.failure());
        }
    }

    ReviewCompleted failed(Review review, Steps steps, Failure failure) {
        steps.failRunning(failure.message());
        Failure shown = new Failure(failure.code(), SecretScanner.maskText(failure.message()), failure.remedy());
        return new ReviewCompleted(
                review.key(),
                review.attempt(),
                "",
                List.of(),
                0,
                List.of(),
                steps.all(),
                usage(review, ModelUsage.NONE, 0),
                shown,
                review.startedAt(),
                clock.instant());
    }

    /**
     * What is reviewed.
     *
     * @param files those that somebody reads
     * @param masked those that the model reads, without their secrets
     */
    private record Change(
            Diff diff,
            PolicyFile.Reading policy,
            List<FileSelection> selections,
            List<ChangedFile> files,
            List<ChangedFile> masked) {}

    private Change read(Review review, Steps steps) throws ForgeException {
        steps.begin(Name.READ_DIFF, "fetching");
        PullRequestEvent request = review.request();
        Forge forge = forges.get(request.repository().forge());
        if (forge == null) {
            throw new ForgeException(
                    new Failure(
                            "forge-unknown",
                            "repository %s is on %s, which review-bot cannot read"
                                    .formatted(
                                            request.repository().name(),
                                            request.repository().forge()),
                            "Register the repository as a plain git repository."),
                    null);
        }
        try (Forge.Checkout checkout = forge.fetch(request.repository(), request.base(), request.head(), limits)) {
            Diff diff = checkout.diff();
            PolicyFile.Reading policy = PolicyFile.read(
                    checkout.textOnDefaultBranch(PolicyFile.PATH, PolicyFile.BYTES_MAX)
                            .orElse(""),
                    findingsMax);
            List<FileSelection> selections = new ArrayList<>();
            List<ChangedFile> files = new ArrayList<>();
            for (FileDiff file : diff.files()) {
                String text = checkout.textAtHead(file).orElse("");
                FileSelection selection = FileSelection.of(file, text, policy.policy());
                selections.add(selection);
                if (selection.depth() != Depth.NONE) {
                    files.add(new ChangedFile(file, text, selection.depth()));
                }
            }
            List<FileDiff> maskedDiffs = diff.files().stream()
                    .map(file -> file.mapText(SecretScanner::mask))
                    .toList();
            patches.keep(review.key(), maskedDiffs);
            List<ChangedFile> masked = files.stream()
                    .filter(file -> file.depth() == Depth.MODEL)
                    .map(file -> new ChangedFile(
                            maskedDiffs.get(file.diff().index()), SecretScanner.maskText(file.text()), file.depth()))
                    .toList();
            int added = diff.files().stream().mapToInt(FileDiff::linesAdded).sum();
            int removed = diff.files().stream().mapToInt(FileDiff::linesRemoved).sum();
            steps.complete(
                    Name.READ_DIFF,
                    "%,d files, %,d lines added, %,d removed"
                            .formatted(diff.files().size() + diff.filesUnlisted(), added, removed));
            return new Change(diff, policy, selections, files, masked);
        }
    }

    private ContextFinder.Context findContext(Review review, Change change, Steps steps) {
        steps.begin(Name.FIND_CONTEXT, "asking the index");
        List<FileDiff> forModel =
                change.masked().stream().map(ChangedFile::diff).toList();
        if (forModel.isEmpty()) {
            steps.skip(Name.FIND_CONTEXT, "no file is for the model");
            return new ContextFinder.Context(List.of(), true, "");
        }
        ContextFinder.Context context =
                contextFinder.find(review.request().repository().id(), forModel);
        if (context.answered()) {
            steps.complete(Name.FIND_CONTEXT, context.detail());
        } else {
            steps.skip(Name.FIND_CONTEXT, context.detail());
        }
        return context;
    }

    /** What each kind of reviewer reported. */
    private record Reports(Map<Name, List<Report>> byStep) {

        List<Report> of(Name step) {
            return byStep.getOrDefault(step, List.of());
        }

        List<Report> all() {
            return byStep.values().stream().flatMap(List::stream).toList();
        }
    }

    /** All reviewers side by side; those that ask a model get everything with its secrets masked. */
    private Reports ask(Review review, Change change, ContextFinder.Context context, Steps steps)
            throws ReviewerException, InterruptedException {
        PullRequestEvent request = review.request();
        Assignment plain = new Assignment(request.title(), request.description(), change.files(), List.of(), "");
        Assignment masked = masked(request, change, context);
        Map<Name, List<Future<Report>>> futures = new EnumMap<>(Name.class);
        try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
            try {
                steps.begin(Name.ANALYZE, "reading changed lines");
                steps.begin(Name.ASK_MODEL, "asking " + secondCheck.model());
                for (Reviewer reviewer : reviewers) {
                    Name step = reviewer.step();
                    Assignment assignment = step == Name.ASK_MODEL ? masked : plain;
                    futures.computeIfAbsent(step, _ -> new ArrayList<>())
                            .add(executor.submit(
                                    () -> reviewer.review(assignment, detail -> steps.move(step, detail))));
                }
                Map<Name, List<Report>> reports = new EnumMap<>(Name.class);
                for (Name step : List.of(Name.ANALYZE, Name.ASK_MODEL)) {
                    List<Report> done = new ArrayList<>();
                    for (Future<Report> future : futures.getOrDefault(step, List.of())) {
                        done.add(result(future));
                    }
                    steps.complete(step, done.stream().map(Report::summary).collect(Collectors.joining("; ")));
                    reports.put(step, done);
                }
                return new Reports(reports);
            } finally {
                executor.shutdownNow();
            }
        }
    }

    private static Assignment masked(PullRequestEvent request, Change change, ContextFinder.Context context) {
        return new Assignment(
                SecretScanner.maskText(request.title()),
                SecretScanner.maskText(request.description()),
                change.masked(),
                context.items(),
                change.policy().policy().instructions());
    }

    private static Report result(Future<Report> future) throws ReviewerException, InterruptedException {
        try {
            return future.get();
        } catch (ExecutionException e) {
            switch (e.getCause()) {
                case ReviewerException failure -> throw failure;
                case InterruptedException interruption -> throw interruption;
                case RuntimeException unforeseen -> throw unforeseen;
                case null, default -> throw new IllegalStateException("a reviewer ended by an error", e);
            }
        }
    }

    private ReviewCompleted conclude(
            Review review, Change change, ContextFinder.Context context, Reports reports, Steps steps)
            throws InterruptedException {
        List<Observation> said = reports.all().stream()
                .flatMap(report -> report.observations().stream())
                .toList();
        List<Observation> merged = Findings.merge(said);
        SecondCheck.Verdicts verdicts = check(review, change, context, merged, steps);
        Findings.Ranking ranking = Findings.rank(
                verdicts.kept(),
                change.policy().policy().severityMin(),
                Math.min(findingsMax, change.policy().policy().findingsMax()));
        ModelUsage usage = reports.all().stream().map(Report::usage).reduce(verdicts.usage(), ModelUsage::plus);
        int contextChunks =
                reports.all().stream().mapToInt(Report::contextChunks).sum();
        steps.begin(Name.PUBLISH, "writing the outcome");
        List<ReviewedFile> files = ReviewedFiles.of(
                change.diff().files(), change.selections(), reports.of(Name.ANALYZE), reports.of(Name.ASK_MODEL));
        String summary = Summary.of(
                ranking,
                verdicts,
                files,
                change.diff(),
                context.answered() ? "" : context.detail(),
                change.policy().note().orElse(""));
        steps.complete(Name.PUBLISH, "%d findings".formatted(ranking.findings().size()));
        int droppedUnanchored =
                reports.all().stream().mapToInt(Report::observationsDropped).sum();
        return new ReviewCompleted(
                review.key(),
                review.attempt(),
                summary,
                ranking.findings(),
                droppedUnanchored + verdicts.dropped() + ranking.dropped(),
                files,
                steps.all(),
                usage(review, usage, contextChunks),
                null,
                review.startedAt(),
                clock.instant());
    }

    private SecondCheck.Verdicts check(
            Review review, Change change, ContextFinder.Context context, List<Observation> merged, Steps steps)
            throws InterruptedException {
        steps.begin(Name.SECOND_CHECK, "asking of each finding whether it is true and matters");
        if (merged.stream().noneMatch(observation -> observation.source().equals(Observation.MODEL))) {
            steps.skip(Name.SECOND_CHECK, "the model found nothing");
            return new SecondCheck.Verdicts(merged, 0, 0, ModelUsage.NONE);
        }
        SecondCheck.Verdicts verdicts = secondCheck.check(
                merged, masked(review.request(), change, context), detail -> steps.move(Name.SECOND_CHECK, detail));
        steps.complete(
                Name.SECOND_CHECK,
                "%d findings stand, %d dropped%s"
                        .formatted(
                                verdicts.kept().size(),
                                verdicts.dropped(),
                                verdicts.unchecked() == 0 ? "" : ", %d not checked".formatted(verdicts.unchecked())));
        return verdicts;
    }

    private ReviewUsage usage(Review review, ModelUsage usage, int contextChunks) {
        return new ReviewUsage(
                usage.calls() == 0 ? null : secondCheck.model(),
                usage.calls(),
                usage.promptTokens(),
                usage.completionTokens(),
                contextChunks,
                usage.millis(),
                Duration.between(review.startedAt(), clock.instant()).toMillis());
    }
}
