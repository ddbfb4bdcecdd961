package dev.guildhall.platform.problem;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

class ErrorCodeTest {

    @Test
    void blameFitsTheStatus() {
        for (ErrorCode code : ErrorCode.values()) {
            assertThat(code.blame() == Blame.USER)
                    .as(code.code())
                    .isEqualTo(code.status().is4xxClientError());
            assertThat(code.blame() == Blame.RESOURCES)
                    .as(code.code())
                    .isEqualTo(code.status().value() == 503);
        }
    }

    /** Callers depend on these words: one that is renamed breaks them. */
    @Test
    void codesAreTheOnesThatWerePublished() {
        assertThat(Arrays.stream(ErrorCode.values()).map(ErrorCode::code))
                .contains("not-signed-in", "review-not-failed", "repository-name-taken", "kafka-unavailable")
                .allMatch(code -> code.matches("[a-z-]+"));
    }
}
