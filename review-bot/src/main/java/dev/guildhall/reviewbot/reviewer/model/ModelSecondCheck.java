package dev.guildhall.reviewbot.reviewer.model;

import dev.guildhall.contract.review.Severity;
import dev.guildhall.reviewbot.reviewer.Assignment;
import dev.guildhall.reviewbot.reviewer.ChangedFile;
import dev.guildhall.reviewbot.reviewer.ModelUsage;
import dev.guildhall.reviewbot.reviewer.Observation;
import dev.guildhall.reviewbot.reviewer.SecondCheck;
import dev.guildhall.reviewbot.reviewer.model.Answers.Verdict;
import dev.guildhall.reviewbot.reviewer.model.ModelClient.ModelException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Shows the model one of its own findings with the code around it, and drops what it does not stand by. */
final class ModelSecondCheck implements SecondCheck {

    private static final Logger log = LoggerFactory.getLogger(ModelSecondCheck.class);

    private static final int ANSWER_TOKENS_MAX = 120;
    private static final double CONFIDENCE_CHECKED = 0.65;

    private final ModelClient client;
    private final Prompts prompts;
    private final int checksMax;

    ModelSecondCheck(ModelClient client, Prompts prompts, int checksMax) {
        this.client = client;
        this.prompts = prompts;
        this.checksMax = checksMax;
    }

    @Override
    public String model() {
        return client.model();
    }

    @Override
    public Verdicts check(List<Observation> observations, Assignment assignment, Consumer<String> progress)
            throws InterruptedException {
        Map<String, ChangedFile> files = assignment.files().stream()
                .collect(Collectors.toMap(file -> file.diff().path(), file -> file, (a, _) -> a));
        List<Observation> kept = new ArrayList<>();
        ModelUsage usage = ModelUsage.NONE;
        int dropped = 0;
        int unchecked = 0;
        int asked = 0;
        long toAsk = Math.min(
                checksMax,
                observations.stream().filter(ModelSecondCheck::isFromModel).count());
        boolean modelAway = false;
        for (Observation observation : observations) {
            ChangedFile file = files.get(observation.path());
            Hazard hazard = file == null ? null : hazard(observation, file);
            if (!isFromModel(observation) || file == null || (hazard != null && !hazard.isAskedAgain())) {
                kept.add(observation);
                continue;
            }
            if (asked == checksMax || modelAway) {
                unchecked++;
                kept.add(observation);
                continue;
            }
            asked++;
            progress.accept("%d of %d findings".formatted(asked, toAsk));
            try {
                PointedQuestion question = hazard == null
                        ? new PointedQuestion(
                                Prompts.CHECK_INSTRUCTIONS,
                                prompts.checkQuestion(observation, file),
                                Answers.VERDICT_SCHEMA)
                        : PointedQuestion.again(hazard);
                ModelClient.Answer answer =
                        client.ask(question.instructions(), question.question(), question.schema(), ANSWER_TOKENS_MAX);
                usage = usage.plus(answer.usage());
                Verdict verdict = hazard == null
                        ? Answers.verdict(answer.text())
                        : new Verdict(PointedQuestion.confirms(hazard, answer.text()), observation.severity());
                if (verdict.holds()) {
                    kept.add(observation
                            .withSeverity(milder(observation.severity(), verdict.severity()))
                            .withConfidence(CONFIDENCE_CHECKED));
                } else {
                    dropped++;
                }
            } catch (ModelException e) {
                log.warn("a finding could not be checked a second time: {}", e.getMessage());
                modelAway = !e.refused();
                unchecked++;
                kept.add(observation);
            }
        }
        return new Verdicts(kept, dropped, unchecked, usage);
    }

    /** What the finding was asked about, if a pointed question led to it. */
    private static @Nullable Hazard hazard(Observation observation, ChangedFile file) {
        return Hazards.of(file).stream()
                .filter(Hazard::isOpen)
                .filter(hazard -> hazard.line() == observation.startLine()
                        && hazard.kind().category().equals(observation.category())
                        && hazard.title().equals(observation.title()))
                .findFirst()
                .orElse(null);
    }

    private static boolean isFromModel(Observation observation) {
        return observation.source().equals(Observation.MODEL);
    }

    /** The second look may calm, never alarm: it sees less than the first. */
    private static Severity milder(Severity one, Severity other) {
        return one.compareTo(other) > 0 ? one : other;
    }
}
