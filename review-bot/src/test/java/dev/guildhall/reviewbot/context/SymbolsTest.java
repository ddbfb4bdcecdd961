package dev.guildhall.reviewbot.context;

import static org.assertj.core.api.Assertions.assertThat;

import dev.guildhall.reviewbot.testing.Diffs;
import java.util.List;
import org.junit.jupiter.api.Test;

class SymbolsTest {

    @Test
    void whatIsDefinedComesBeforeWhatIsUsed() {
        List<String> symbols = Symbols.of(
                List.of(Diffs.added("a.py", "def refund_rate(sales):\n    return total(sales) / Takings(1)\n")), 10);

        assertThat(symbols)
                .startsWith("refund_rate")
                .contains("total", "Takings")
                .doesNotContain("return", "def");
    }

    @Test
    void dataAndProseNameNothing() {
        assertThat(Symbols.of(List.of(Diffs.added("README.md", "call refund(now) please")), 10))
                .isEmpty();
    }

    @Test
    void theLimitHolds() {
        assertThat(Symbols.of(List.of(Diffs.added("a.go", "alpha() beta() gamma()")), 2))
                .hasSize(2);
    }
}
