package dev.guildhall.platform.access;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.security.authentication.AbstractAuthenticationToken;

/** A caller that presented the platform's API key. */
final class ApiKeyAuthentication extends AbstractAuthenticationToken {

    private static final String NAME = "platform-key";

    ApiKeyAuthentication() {
        super(List.of(Role.ADMIN.authority()));
        setAuthenticated(true);
    }

    @Override
    public @Nullable Object getCredentials() {
        return null;
    }

    @Override
    public Object getPrincipal() {
        return NAME;
    }
}
