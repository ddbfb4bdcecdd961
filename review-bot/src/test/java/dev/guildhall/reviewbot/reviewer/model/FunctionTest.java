package dev.guildhall.reviewbot.reviewer.model;

import static org.assertj.core.api.Assertions.assertThat;

import dev.guildhall.reviewbot.testing.Diffs;
import org.junit.jupiter.api.Test;

class FunctionTest {

    @Test
    void functionsComeWithTheirComment() {
        assertThat(Function.of(Diffs.addedFile("A.java", """
                        class A {
                            /** One. */
                            int one() {
                                return 1;
                            }

                            int two() {
                                if (true) {
                                    return 2;
                                }

                                return 3;
                            }
                        }
                        """)))
                .extracting(function -> function.shown(1, 100))
                .containsExactly(
                        "/** One. */\nint one() {\n    return 1;\n}\n",
                        "int two() {\n    if (true) {\n        return 2;\n    }\n\n    return 3;\n}\n");
    }

    @Test
    void indentationEndsAFunctionOfPython() {
        assertThat(Function.of(Diffs.addedFile("a.py", """
                        def one():
                            return 1


                        ONE = one()
                        """)))
                .singleElement()
                .extracting(Function::lastLine)
                .isEqualTo(2);
    }

    @Test
    void longFunctionIsShownAroundTheLine() {
        String text = "def f():\n" + "    a()\n".repeat(50) + "    b()\n" + "    c()\n".repeat(50);

        assertThat(Function.of(Diffs.addedFile("a.py", text)).getFirst().shown(52, 1))
                .isEqualTo("def f():\n...\n    a()\n    b()\n    c()\n");
    }
}
