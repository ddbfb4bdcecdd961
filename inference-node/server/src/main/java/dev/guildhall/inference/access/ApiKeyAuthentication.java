package dev.guildhall.inference.access;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.security.authentication.AuthenticationProvider;
import org.springframework.security.authentication.UsernamePasswordAuthenticationToken;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.authority.AuthorityUtils;
import org.springframework.security.oauth2.server.resource.authentication.BearerTokenAuthenticationToken;

/** Takes bearer tokens that are API keys; of the keys only their SHA-256 is known here. */
class ApiKeyAuthentication implements AuthenticationProvider {

    private final List<byte[]> digests;

    ApiKeyAuthentication(List<String> sha256) {
        this.digests = sha256.stream().map(HexFormat.of()::parseHex).toList();
    }

    /** The caller, or null where the token is no API key: then the next provider is asked. */
    @Override
    public @Nullable Authentication authenticate(Authentication authentication) {
        byte[] digest = sha256(((BearerTokenAuthenticationToken) authentication).getToken());
        boolean known = false;
        for (byte[] candidate : digests) {
            known |= MessageDigest.isEqual(candidate, digest);
        }
        if (!known) {
            return null;
        }
        return UsernamePasswordAuthenticationToken.authenticated(
                "api-key", null, AuthorityUtils.createAuthorityList(AccessConfiguration.SERVICE));
    }

    @Override
    public boolean supports(Class<?> authentication) {
        return BearerTokenAuthenticationToken.class.isAssignableFrom(authentication);
    }

    private static byte[] sha256(String token) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(token.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every Java platform has SHA-256", impossible);
        }
    }
}
