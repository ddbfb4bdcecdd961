package dev.guildhall.reviewbot.reviewer.model;

import static org.assertj.core.api.Assertions.assertThat;

import dev.guildhall.reviewbot.reviewer.Assignment;
import dev.guildhall.reviewbot.reviewer.Observation;
import dev.guildhall.reviewbot.reviewer.Report;
import dev.guildhall.reviewbot.testing.Diffs;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.springframework.ai.chat.messages.AssistantMessage;
import org.springframework.ai.chat.model.ChatModel;
import org.springframework.ai.chat.model.ChatResponse;
import org.springframework.ai.chat.model.Generation;
import org.springframework.ai.chat.prompt.Prompt;

class ModelReviewerTest {

    private static final Assignment GUARDED = Diffs.assignment(Diffs.addedFile("mean.py", """
            def mean(values, count):
                if not count:
                    return 0
                return sum(values) / count
            """));

    private static final Assignment UNGUARDED = Diffs.assignment(Diffs.addedFile("mean.py", """
            def mean(values, count):
                return sum(values) / count
            """));

    private final List<String> asked = new ArrayList<>();

    @Test
    void hazardThatALineDealsWithIsNoFinding() throws Exception {
        assertThat(review(GUARDED, question -> "{\"answer\":\"if not count:\"}").observations())
                .isEmpty();
        assertThat(asked.getFirst())
                .contains("`count` is zero at `return sum(values) / count`")
                .contains("return 0");
    }

    @Test
    void hazardThatNothingDealsWithIsAFindingOfTheModel() throws Exception {
        assertThat(review(GUARDED, question -> "{\"answer\":\"nothing\"}").observations())
                .singleElement()
                .satisfies(observation -> {
                    assertThat(observation.source()).isEqualTo(Observation.MODEL);
                    assertThat(observation.startLine()).isEqualTo(4);
                    assertThat(observation.title()).isEqualTo("`count` may be zero");
                });
    }

    @Test
    void hazardThatNoLineCouldDealWithNeedsNoModel() throws Exception {
        assertThat(review(UNGUARDED, question -> "{\"findings\":[]}").observations())
                .singleElement()
                .satisfies(observation -> {
                    assertThat(observation.source()).isEqualTo(Observation.CHECKS);
                    assertThat(observation.rule()).isEqualTo("zero");
                });
        assertThat(asked).hasSize(1).allSatisfy(question -> assertThat(question).doesNotContain("Which line"));
    }

    @Test
    void correctionBecomesASuggestion() throws Exception {
        Assignment assignment = Diffs.assignment(Diffs.addedFile("rows.py", """
                def rows(all):
                    \"\"\"The longest first.\"\"\"
                    return sorted(all, key=len)
                """));

        Report report = review(
                assignment,
                question -> question.contains("Wrong:")
                        ? "{\"answer\":\"return sorted(all, key=len, reverse=True)\"}"
                        : "{\"answer\":\"largest first\"}");

        assertThat(report.observations())
                .singleElement()
                .extracting(Observation::suggestion)
                .isEqualTo("    return sorted(all, key=len, reverse=True)");
    }

    @Test
    void secondCheckAsksAgainInOtherWords() throws Exception {
        Report report = review(GUARDED, question -> "{\"answer\":\"nothing\"}");
        asked.clear();

        assertThat(new ModelSecondCheck(client(question -> "{\"answer\":\"if not count:\"}"), prompts(), 10)
                        .check(report.observations(), GUARDED, _ -> {})
                        .kept())
                .isEmpty();
        assertThat(asked)
                .singleElement()
                .satisfies(question -> assertThat(question).contains("Which line prevents"));
    }

    private Report review(Assignment assignment, UnaryOperator<String> model) throws Exception {
        ModelSettings settings = new ModelSettings(
                "test-model", 1200, 320, 200, 24, Duration.ofMinutes(1), 400, 10, Duration.ofSeconds(1));
        return new ModelReviewer(client(model), prompts(), settings).review(assignment, _ -> {});
    }

    private ModelClient client(UnaryOperator<String> model) {
        ChatModel chat = new ChatModel() {
            @Override
            public ChatResponse call(Prompt prompt) {
                String question = prompt.getInstructions().getLast().getText();
                asked.add(String.valueOf(question));
                return new ChatResponse(
                        List.of(new Generation(new AssistantMessage(model.apply(String.valueOf(question))))));
            }
        };
        return new ModelClient(chat, "test-model", Duration.ofSeconds(1));
    }

    private static Prompts prompts() {
        return new Prompts(1200, 200);
    }
}
