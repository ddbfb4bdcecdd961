package dev.guildhall.reviewbot.reviewer.analysis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.guildhall.contract.review.ReviewedFile.Change;
import dev.guildhall.contract.review.Severity;
import dev.guildhall.reviewbot.policy.Depth;
import dev.guildhall.reviewbot.pullrequest.FileDiff;
import dev.guildhall.reviewbot.pullrequest.Hunk;
import dev.guildhall.reviewbot.pullrequest.Line;
import dev.guildhall.reviewbot.reviewer.ChangedFile;
import dev.guildhall.reviewbot.reviewer.Observation;
import dev.guildhall.reviewbot.reviewer.Report;
import dev.guildhall.reviewbot.testing.Diffs;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class PmdReviewerTest {

    private static final String REFUNDS = """
            package till;

            import java.sql.Connection;
            import java.sql.ResultSet;
            import java.sql.SQLException;
            import java.sql.Statement;

            final class Refunds {

                private static final String TABLE = "refund";

                long refunded(Connection connection, String saleId) throws SQLException {
                    Statement statement = connection.createStatement();
                    ResultSet rows = statement.executeQuery(
                            "SELECT SUM(cents) FROM refund WHERE sale_id = '" + saleId + "'");
                    rows.next();
                    return rows.getLong(1);
                }

                String constant() {
                    return "SELECT SUM(cents) FROM " + TABLE;
                }

                boolean isSupervisor(String role) {
                    return role != "supervisor";
                }

                void pay(Runnable gateway) {
                    try {
                        gateway.run();
                    } catch (IllegalStateException e) {
                    }
                }

                void run(String name) throws Exception {
                    Runtime.getRuntime().exec("lp " + name);
                    java.security.MessageDigest.getInstance("MD5");
                    new ProcessBuilder("lp", name).start();
                }
            }
            """;

    private final PmdReviewer reviewer = new PmdReviewer(Duration.ofSeconds(60));

    @Test
    void suggestsAComparisonByValue() throws Exception {
        Report report = reviewer.review(Diffs.assignment(Diffs.addedFile("Refunds.java", REFUNDS)), _ -> {});

        assertThat(report.observations())
                .filteredOn(observation -> observation.suggestion() != null)
                .extracting(Observation::startLine, Observation::suggestion)
                .containsOnly(tuple(25, "        return !\"supervisor\".equals(role);"));
    }

    @Test
    void findsMistakesOnAddedLines() throws Exception {
        Report report = reviewer.review(Diffs.assignment(Diffs.addedFile("Refunds.java", REFUNDS)), _ -> {});

        assertThat(report.observations())
                .extracting(Observation::startLine, Observation::category, Observation::severity)
                .contains(
                        tuple(15, "sql-injection", Severity.HIGH),
                        tuple(25, "wrong-comparison", Severity.HIGH),
                        tuple(31, "swallowed-error", Severity.MEDIUM),
                        tuple(36, "command-injection", Severity.HIGH),
                        tuple(37, "weak-cryptography", Severity.MEDIUM),
                        tuple(13, "resource-leak", Severity.MEDIUM));
        assertThat(report.observations())
                .extracting(Observation::startLine)
                .as("a constant in SQL and a command as a list are right")
                .doesNotContain(21, 38);
        assertThat(report.observations()).allSatisfy(observation -> {
            assertThat(observation.evidence()).isNotBlank();
            assertThat(observation.message()).isNotBlank();
        });
    }

    @Test
    void linesThatDidNotChangeAreNotReported() throws Exception {
        Hunk hunk = new Hunk(24, 1, 24, 1, List.of(Line.added(24, "    boolean isSupervisor(String role) {")));
        FileDiff diff = new FileDiff(
                0, "Refunds.java", null, Change.MODIFIED, 1, 0, new FileDiff.Content.Text(List.of(hunk), 0));

        Report report = reviewer.review(Diffs.assignment(new ChangedFile(diff, REFUNDS, Depth.MODEL)), _ -> {});

        assertThat(report.observations()).isEmpty();
    }

    @Test
    void sourceThatIsNoJavaIsSaidToBeUnread() throws Exception {
        Report report = reviewer.review(Diffs.assignment(Diffs.addedFile("A.java", "class A { void")), _ -> {});

        assertThat(report.unread().values())
                .singleElement()
                .satisfies(shortfall -> assertThat(shortfall.reason()).startsWith("PMD could not read it"));
    }

    @Test
    void hostileNestingEnds() throws Exception {
        String source = "class A { int a = " + "(".repeat(20_000) + "1" + ")".repeat(20_000) + "; }";

        Report report = new PmdReviewer(Duration.ofSeconds(5))
                .review(Diffs.assignment(Diffs.addedFile("A.java", source)), _ -> {});

        assertThat(report.observations()).isEmpty();
    }
}
