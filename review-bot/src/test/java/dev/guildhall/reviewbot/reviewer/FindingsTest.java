package dev.guildhall.reviewbot.reviewer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.guildhall.contract.review.Finding;
import dev.guildhall.contract.review.Severity;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class FindingsTest {

    @Test
    void analyzerAndModelThatAgreeBecomeOneFinding() {
        Observation pmd = observation("pmd", 41, Categories.SQL_INJECTION, Severity.HIGH, 0.9);
        Observation model = observation(Observation.MODEL, 42, Categories.SQL_INJECTION, Severity.MEDIUM, 0.5);

        assertThat(Findings.merge(List.of(model, pmd))).singleElement().satisfies(merged -> {
            assertThat(merged.source()).isEqualTo("pmd");
            assertThat(merged.confidence()).isGreaterThan(0.9);
        });
    }

    @Test
    void ruleThatStrikesOnNeighbouringLinesBecomesOneFindingOverAllOfThem() {
        List<Observation> observations = Stream.of(46, 48, 47, 52)
                .map(line -> observation("pmd", line, Categories.RESOURCE_LEAK, Severity.MEDIUM, 0.8))
                .toList();

        assertThat(Findings.merge(observations))
                .extracting(Observation::startLine, Observation::endLine)
                .containsExactly(tuple(46, 48), tuple(52, 52));
        assertThat(Findings.merge(observations).getFirst().evidence().lines()).hasSize(3);
    }

    @Test
    void differentMistakesOnOneLineStay() {
        assertThat(Findings.merge(List.of(
                        observation("pmd", 41, Categories.SQL_INJECTION, Severity.HIGH, 0.9),
                        observation("pmd", 41, Categories.RESOURCE_LEAK, Severity.MEDIUM, 0.8))))
                .hasSize(2);
    }

    @Test
    void suggestionOfTheModelGoesWithTheAnalyzersFinding() {
        Observation model = observation(Observation.MODEL, 41, Categories.SQL_INJECTION, Severity.HIGH, 0.5)
                .withSuggestion("safe();");

        assertThat(Findings.merge(List.of(observation("pmd", 41, Categories.SQL_INJECTION, Severity.HIGH, 0.9), model)))
                .singleElement()
                .extracting(Observation::suggestion)
                .isEqualTo("safe();");
    }

    @Test
    void worstComeFirstAndTheRestIsCounted() {
        List<Observation> observations = List.of(
                observation("pmd", 1, "a", Severity.LOW, 0.9),
                observation("pmd", 5, "b", Severity.HIGH, 0.6),
                observation("pmd", 9, "c", Severity.HIGH, 0.9),
                observation("pmd", 13, "d", Severity.MEDIUM, 0.9));

        Findings.Ranking ranking = Findings.rank(observations, Severity.MEDIUM, 2);

        assertThat(ranking.findings()).extracting(Finding::startLine).containsExactly(9, 5);
        assertThat(ranking.dropped()).isEqualTo(2);
    }

    @Test
    void fingerprintOutlivesMovedLines() {
        assertThat(fingerprints(3, 8)).isEqualTo(fingerprints(103, 208));
        assertThat(fingerprints(3, 8)).doesNotHaveDuplicates();
    }

    @Test
    void secretsNeverGetOut() {
        String secret = "ghp_" + "a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8";
        Observation observation = new Observation(
                "a.py",
                1,
                1,
                Severity.HIGH,
                "c",
                "t " + secret,
                "m " + secret,
                "e " + secret,
                "s " + secret,
                "model",
                "r",
                1);

        assertThat(Findings.rank(List.of(observation), Severity.LOW, 1).findings())
                .singleElement()
                .satisfies(finding -> {
                    assertThat(finding.toString()).doesNotContain(secret);
                    assertThat(finding.suggestion()).isNull();
                });
    }

    private static List<String> fingerprints(int first, int second) {
        return Findings.rank(
                        List.of(
                                observation("pmd", first, "a", Severity.LOW, 0.9),
                                observation("pmd", second, "a", Severity.LOW, 0.9)),
                        Severity.LOW,
                        10)
                .findings()
                .stream()
                .map(Finding::fingerprint)
                .toList();
    }

    private static Observation observation(
            String source, int line, String category, Severity severity, double confidence) {
        return new Observation(
                "src/Refund.java",
                line,
                line,
                severity,
                category,
                "Title of " + source,
                "Message",
                "statement.execute(sql);",
                null,
                source,
                "rule",
                confidence);
    }
}
