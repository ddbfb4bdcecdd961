package dev.guildhall.contract;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LanguagesTest {

    @ParameterizedTest
    @CsvSource({
        "src/Main.java,         java",
        "SRC/MAIN.JAVA,         java",
        "build.gradle,          groovy",
        "a.b/Dockerfile,        dockerfile",
        "web.dockerfile,        dockerfile",
        "main.tf,               hcl",
        "types.cts,             typescript",
        "a.py/no-extension,     text",
        "bin/go,                text",
        "go.mod,                go-mod",
        "notes.txt,             text"
    })
    void languageIsReadOffTheName(String path, String language) {
        assertThat(Languages.of(path)).isEqualTo(language);
    }

    @Test
    void dataAndProseAreNoCode() {
        assertThat(Languages.isCode("java")).isTrue();
        assertThat(Languages.isCode("sql")).isTrue();
        for (String path :
                new String[] {"a.md", "a.adoc", "a.rst", "a.ini", ".editorconfig", "go.mod", "a", "a.json"}) {
            assertThat(Languages.isCode(Languages.of(path))).as(path).isFalse();
        }
    }
}
