package dev.guildhall.platform.access;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;
import org.springframework.security.authentication.AuthenticationProvider;
import org.springframework.security.core.Authentication;
import org.springframework.security.oauth2.server.resource.authentication.BearerTokenAuthenticationToken;

/** Recognises the platform's API key among bearer tokens, in a time that does not depend on the key. */
final class ApiKeys implements AuthenticationProvider {

    private final byte[] hash;

    /** @param sha256 of the key, in hexadecimal; empty where there is no key: then no token is one */
    ApiKeys(String sha256) {
        this.hash = HexFormat.of().parseHex(sha256);
    }

    @Override
    public @Nullable Authentication authenticate(Authentication authentication) {
        String token = ((BearerTokenAuthenticationToken) authentication).getToken();
        boolean known = hash.length > 0 && MessageDigest.isEqual(sha256(token), hash);
        // Absent, not refused: the token may be one of Keycloak's.
        return known ? new ApiKeyAuthentication() : null;
    }

    @Override
    public boolean supports(Class<?> authentication) {
        return BearerTokenAuthenticationToken.class.isAssignableFrom(authentication);
    }

    private static byte[] sha256(String token) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(token.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException exception) {
            throw new IllegalStateException("every Java runtime has SHA-256", exception);
        }
    }
}
