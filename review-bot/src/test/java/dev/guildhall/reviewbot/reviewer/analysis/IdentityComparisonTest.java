package dev.guildhall.reviewbot.reviewer.analysis;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class IdentityComparisonTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '\'', textBlock = """
            role != "supervisor"        | !"supervisor".equals(role)
            "a == b" == text            | "a == b".equals(text)
            sale.id() == other.id()     | java.util.Objects.equals(sale.id(), other.id())
            names[i] != name            | !java.util.Objects.equals(names[i], name)
            """)
    void comparesByValue(String expression, String corrected) {
        assertThat(rewritten(expression, "")).contains("    return " + corrected + " && open;");
    }

    @ParameterizedTest
    @CsvSource({"import java.util.Objects;", "import java.util.*;"})
    void usesTheImportThatIsThere(String statement) {
        assertThat(rewritten("a == b", "package x;\n" + statement + "\n"))
                .contains("    return Objects.equals(a, b) && open;");
    }

    @ParameterizedTest
    @CsvSource({"a == b == c", "a && b == c", "x ? y == z : w", "a < b", "f(() -> x = y) == z"})
    void leavesAloneWhatIsNotOnePlainComparison(String expression) {
        assertThat(rewritten(expression, "")).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"-1,3", "3,3", "0,99"})
    void leavesAloneColumnsOutsideTheLine(int begin, int end) {
        assertThat(IdentityComparison.byValue("a == b", begin, end, "")).isEmpty();
    }

    private static Optional<String> rewritten(String expression, String text) {
        String before = "    return ";
        return IdentityComparison.byValue(
                before + expression + " && open;", before.length(), before.length() + expression.length(), text);
    }
}
