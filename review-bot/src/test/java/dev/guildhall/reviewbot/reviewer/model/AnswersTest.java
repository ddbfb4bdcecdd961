package dev.guildhall.reviewbot.reviewer.model;

import static org.assertj.core.api.Assertions.assertThat;

import dev.guildhall.contract.review.Severity;
import dev.guildhall.reviewbot.reviewer.model.Answers.Claim;
import dev.guildhall.reviewbot.reviewer.model.Answers.Verdict;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

class AnswersTest {

    private static final String CLAIM = """
            {"line": 3, "code": "a == b", "problem": "Compares identity.", "category": "wrong-comparison", \
            "severity": "high", "fix": "a.equals(b)"}""";

    private static final Claim READ =
            new Claim(3, "a == b", "Compares identity.", "wrong-comparison", Severity.HIGH, "a.equals(b)");

    @Test
    void claimsAreRead() {
        assertThat(Answers.claims("{\"findings\": [" + CLAIM + "," + CLAIM + "]}"))
                .containsExactly(READ, READ);
        assertThat(Answers.claims("{\"findings\": []}")).isEmpty();
    }

    @Test
    void answerCutShortLosesItsLastClaimOnly() {
        assertThat(Answers.claims("{\"findings\": [" + CLAIM + ", {\"line\": 4, \"code\": \"ret"))
                .containsExactly(READ);
        assertThat(Answers.claims("I cannot answer that")).isEmpty();
    }

    @Test
    void verdictThatCannotBeReadIsNo() {
        assertThat(Answers.verdict("{\"verdict\":\"true\",\"severity\":\"low\"}"))
                .isEqualTo(new Verdict(true, Severity.LOW));
        assertThat(Answers.verdict("{\"verdict\":").holds()).isFalse();
    }

    @Test
    void schemasAreJson() {
        assertThat(JsonMapper.shared()
                        .readTree(Answers.FINDINGS_SCHEMA)
                        .path("type")
                        .asString(""))
                .isEqualTo("object");
        assertThat(JsonMapper.shared()
                        .readTree(Answers.VERDICT_SCHEMA)
                        .path("type")
                        .asString(""))
                .isEqualTo("object");
    }
}
