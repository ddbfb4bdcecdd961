package dev.guildhall.platform.access;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.springframework.security.core.Authentication;
import org.springframework.security.oauth2.server.resource.authentication.BearerTokenAuthenticationToken;

class ApiKeysTest {

    /** SHA-256 of "key". */
    private static final String HASH = "2c70e12b7a0646f92279f427c7b38e7334d8e5389cff167a1dc30e73f826b683";

    @Test
    void theKeyIsTheAdmin() {
        Authentication caller = new ApiKeys(HASH).authenticate(new BearerTokenAuthenticationToken("key"));
        assertThat(caller).isNotNull();
        assertThat(caller.getAuthorities()).hasSize(1).first().isEqualTo(Role.ADMIN.authority());
    }

    @Test
    void anotherTokenIsNotRefusedButLeftToOthers() {
        assertThat(new ApiKeys(HASH).authenticate(new BearerTokenAuthenticationToken("other")))
                .isNull();
    }

    @Test
    void whereThereIsNoKeyNoTokenIsOne() {
        assertThat(new ApiKeys("").authenticate(new BearerTokenAuthenticationToken("key")))
                .isNull();
    }
}
