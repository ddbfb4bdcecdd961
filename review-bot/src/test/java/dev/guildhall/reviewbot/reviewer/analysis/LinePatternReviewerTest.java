package dev.guildhall.reviewbot.reviewer.analysis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.guildhall.reviewbot.reviewer.Observation;
import dev.guildhall.reviewbot.testing.Diffs;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LinePatternReviewerTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    a.py | def collect(reason: str, reasons: list[str] = []) -> list[str]: | shared-state
                    a.py | subprocess.run(command, shell=True) | command-injection
                    a.py | value = eval(text) | code-injection
                    a.py | cursor.execute(f"SELECT * FROM sale WHERE id = {sale_id}") | sql-injection
                    a.py | settings = yaml.load(text) | code-injection
                    a.js | element.innerHTML = name; | cross-site-scripting
                    a.ts | exec(`lp ${name}`) | command-injection
                    a.go | query := fmt.Sprintf("SELECT * FROM sale WHERE id = '%s'", id) | sql-injection
                    """)
    void mistakeIsFound(String path, String line, String category) {
        assertThat(review(path, line)).extracting(Observation::category).containsExactly(category);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    a.py | subprocess.run(["lp", "-d", printer], check=True)
                    a.py | def collect(reason: str, reasons: list[str] | None = None)
                    a.py | # eval(text) would be wrong here
                    a.py | model.eval()
                    a.py | settings = yaml.load(text, Loader=SafeLoader)
                    a.py | cursor.execute("SELECT * FROM sale WHERE id = %s", (sale_id,))
                    a.js | element.innerHTML = "";
                    a.js | element.textContent = name;
                    a.java | evaluate(text);
                    """)
    void rightCodeIsLeftAlone(String path, String line) {
        assertThat(review(path, line)).isEmpty();
    }

    private static List<Observation> review(String path, String line) {
        return new LinePatternReviewer()
                .review(Diffs.assignment(Diffs.addedFile(path, line)), _ -> {})
                .observations();
    }
}
