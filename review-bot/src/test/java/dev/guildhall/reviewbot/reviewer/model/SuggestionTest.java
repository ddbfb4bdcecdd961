package dev.guildhall.reviewbot.reviewer.model;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SuggestionTest {

    private static final String JAVA = """
            class A {
                boolean same(String a, String b) {
                    return a == b;
                }
            }
            """;

    @Test
    void takesTheIndentationOfTheLine() {
        assertThat(Suggestion.of("return a.equals(b);", "java", JAVA, 3)).hasValue("        return a.equals(b);");
    }

    @Test
    void fencesAndNumbersAreTakenOff() {
        assertThat(Suggestion.of("```java\nreturn a.equals(b);\n```", "java", JAVA, 3))
                .hasValue("        return a.equals(b);");
        assertThat(Suggestion.of("3+ return a.equals(b);", "java", JAVA, 3)).hasValue("        return a.equals(b);");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "return a == b;",
                "Use equals to compare strings.",
                "return a.equals(b;",
                "return a.equals(b)",
                "return a equals b;",
                "// return a.equals(b);",
                "return a.equals(...);"
            })
    void whatCannotStandThereIsDropped(String correction) {
        assertThat(Suggestion.of(correction, "java", JAVA, 3)).isEmpty();
    }
}
