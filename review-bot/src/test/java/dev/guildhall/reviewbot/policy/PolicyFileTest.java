package dev.guildhall.reviewbot.policy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.guildhall.contract.review.Severity;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PolicyFileTest {

    @Test
    void readsEveryKey() {
        PolicyFile.Reading reading = PolicyFile.read("""
                review:
                  ignore: ["docs/**", "**/*.snap"]
                  max-findings: 3
                  min-severity: medium
                  instructions: Money is in cents.
                """, 10);

        assertThat(reading.note()).isEmpty();
        assertThat(reading.policy())
                .isEqualTo(new Policy(List.of("docs/**", "**/*.snap"), 3, Severity.MEDIUM, "Money is in cents."));
        assertThat(reading.policy().ignoredBy("docs/a/b.md")).hasValue("docs/**");
        assertThat(reading.policy().ignoredBy("page.snap")).hasValue("**/*.snap");
        assertThat(reading.policy().ignoredBy("src/docs/b.md")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "# nothing\n", "other: true\n", "review:\n"})
    void fileThatSaysNothingLeavesTheStandard(String text) {
        assertThat(PolicyFile.read(text, 10)).isEqualTo(new PolicyFile.Reading(Policy.standard(10), Optional.empty()));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "review: [",
                "- a\n- b\n",
                "review: 3",
                "review: {max-findings: many}",
                "review: {max-findings: 101}",
                "review: {min-severity: urgent}",
                "review: {ignore: docs}",
                "review: {ignore: ['[']}",
                "review: {severity: low}",
                "review: !!javax.script.ScriptEngineManager []",
                "a: &a [1]\nb: [*a,*a,*a,*a,*a,*a,*a,*a,*a,*a,*a,*a]\n",
                "[[[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]]]"
            })
    void invalidFileIsIgnoredAndSaysWhy(String text) {
        PolicyFile.Reading reading = PolicyFile.read(text, 10);

        assertThat(reading.policy()).isEqualTo(Policy.standard(10));
        assertThat(reading.note())
                .hasValueSatisfying(note -> assertThat(note).startsWith(".guildhall.yml is ignored: "));
    }
}
