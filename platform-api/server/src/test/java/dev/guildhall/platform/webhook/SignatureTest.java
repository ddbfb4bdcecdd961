package dev.guildhall.platform.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

class SignatureTest {

    /** RFC 4231, test case 2. */
    private static final String KNOWN = "sha256=5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843";

    private static final byte[] BODY = "what do ya want for nothing?".getBytes(StandardCharsets.UTF_8);

    @Test
    void isTheHmacThatTheStandardGives() {
        assertThat(Signature.of(BODY, "Jefe").header()).isEqualTo(KNOWN);
    }

    @Test
    void fitsTheBodyAndTheSecretThatMadeItAndNoOther() {
        Signature claimed = Signature.parse(KNOWN).orElseThrow();
        assertThat(claimed.matches(Signature.of(BODY, "Jefe"))).isTrue();
        assertThat(claimed.matches(Signature.of(BODY, "jefe"))).isFalse();
        assertThat(claimed.matches(Signature.of(new byte[0], "Jefe"))).isFalse();
    }

    @ParameterizedTest
    @NullSource
    @ValueSource(strings = {"", "sha256=", "sha1=5bdc", "sha256=zz", "5bdcc146bf60754e6a042426089575c7"})
    void isAbsentWhereTheHeaderIsNone(@Nullable String header) {
        assertThat(Signature.parse(header)).isEmpty();
    }
}
