package dev.guildhall.platform.repository;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.security.SecureRandom;
import java.util.Base64;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class SecretBoxTest {

    private static final String KEY = Base64.getEncoder().encodeToString(new byte[32]);
    private static final UUID REPOSITORY = UUID.randomUUID();

    private final SecretBox box = new SecretBox(KEY, new SecureRandom());

    @Test
    void opensWhatItSealed() {
        assertThat(box.open(REPOSITORY, box.seal(REPOSITORY, "secret"))).isEqualTo("secret");
    }

    @Test
    void sealsDifferentlyEachTime() {
        assertThat(box.seal(REPOSITORY, "secret")).isNotEqualTo(box.seal(REPOSITORY, "secret"));
    }

    @Test
    void refusesWhatWasMovedToAnotherRepositoryOrChanged() {
        byte[] sealed = box.seal(REPOSITORY, "secret");
        assertThatThrownBy(() -> box.open(UUID.randomUUID(), sealed)).hasMessageContaining("GUILDHALL_SECRET_KEY");
        sealed[sealed.length - 1] ^= 1;
        assertThatThrownBy(() -> box.open(REPOSITORY, sealed)).isInstanceOf(IllegalStateException.class);
    }
}
