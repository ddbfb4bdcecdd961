package dev.guildhall.reviewbot.reviewer.model;

import static org.assertj.core.api.Assertions.assertThat;

import dev.guildhall.contract.review.ReviewedFile.Change;
import dev.guildhall.reviewbot.policy.Depth;
import dev.guildhall.reviewbot.pullrequest.FileDiff;
import dev.guildhall.reviewbot.pullrequest.Hunk;
import dev.guildhall.reviewbot.pullrequest.Line;
import dev.guildhall.reviewbot.reviewer.ChangedFile;
import dev.guildhall.reviewbot.testing.Diffs;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class PassageTest {

    @Test
    void linesCarryTheirNumberAndWhatHappenedToThem() {
        ChangedFile file = file(
                "class A {\n    int b;\n    int c;\n}\n",
                new Hunk(
                        1,
                        3,
                        1,
                        3,
                        List.of(
                                Line.context(1, 1, "class A {"),
                                Line.removed(2, "    int a;"),
                                Line.added(2, "    int b;"),
                                Line.context(3, 3, "    int c;"))));

        assertThat(Passage.of(file, 1_000))
                .singleElement()
                .satisfies(passage -> assertThat(passage.numbered())
                        .isEqualTo("1  class A {\n-      int a;\n2+     int b;\n3      int c;\n"));
    }

    @Test
    void longFileIsCutAtBlankLinesAndNothingIsLost() {
        String text = IntStream.rangeClosed(1, 100)
                .mapToObj(i -> i % 8 == 0 ? "" : "statement(" + i + ");")
                .collect(Collectors.joining("\n"));

        List<Passage> passages = Passage.of(Diffs.addedFile("A.java", text), 600);

        assertThat(passages)
                .hasSizeGreaterThan(3)
                .allSatisfy(passage -> assertThat(passage.numbered().length()).isLessThanOrEqualTo(600));
        assertThat(passages.stream()
                        .flatMap(passage -> passage.lines().stream())
                        .map(Line::newNumber))
                .containsExactlyElementsOf(IntStream.rangeClosed(1, 100).boxed().toList());
        assertThat(passages.getFirst().lines().getLast().text()).isBlank();
    }

    @Test
    void enclosingHeadersAreNamed() {
        String text = """
                class Till {
                    void pay(int cents) {
                        one();
                        two();
                        three();
                    }
                }
                """;
        ChangedFile file = file(text, new Hunk(5, 0, 5, 1, List.of(Line.added(5, "        three();"))));

        assertThat(Passage.of(file, 1_000).getFirst().enclosing())
                .containsExactly("class Till {", "    void pay(int cents) {");
    }

    private static ChangedFile file(String text, Hunk hunk) {
        return new ChangedFile(
                new FileDiff(0, "A.java", null, Change.MODIFIED, 1, 1, new FileDiff.Content.Text(List.of(hunk), 0)),
                text,
                Depth.MODEL);
    }
}
