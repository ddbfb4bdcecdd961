package dev.guildhall.platform.access;

import static org.assertj.core.api.Assertions.assertThat;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

class ReturnPathTest {

    @ParameterizedTest
    @ValueSource(strings = {"/", "/reviews/1", "/reviews?state=failed#f2", "/a//b", "/search?q=a%20b"})
    void pagesOfOursAreKept(String path) {
        assertThat(ReturnPath.checked(path)).isEqualTo(path);
    }

    @ParameterizedTest
    @NullSource
    @ValueSource(
            strings = {"", "x", "//evil.example", "/\\evil.example", "https://evil.example", "/a\nb", "/a b", "\\\\x"})
    void everythingElseIsTheFrontPage(@Nullable String path) {
        assertThat(ReturnPath.checked(path)).isEqualTo("/");
    }
}
