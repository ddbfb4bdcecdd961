package dev.guildhall.platform.access;

import java.util.Locale;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.security.oauth2.client.authentication.OAuth2AuthenticationToken;

/**
 * Who does something.
 *
 * @param name user name, API key's name, or what an event was signed for
 */
public record Actor(Kind kind, String name) {

    /** The ways to prove who one is. */
    public enum Kind {
        /** A person in a browser. */
        SESSION,
        /** A tool with a token of Keycloak's. */
        TOKEN,
        /** A tool with an API key. */
        API_KEY;

        String word() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    /** Whoever makes the current request. */
    public static Actor current() {
        Authentication authentication = SecurityContextHolder.getContext().getAuthentication();
        return switch (authentication) {
            case null -> throw new IllegalStateException("nobody is signed in, but the request was let through");
            case ApiKeyAuthentication key -> new Actor(Kind.API_KEY, key.getName());
            case OAuth2AuthenticationToken person -> new Actor(Kind.SESSION, person.getName());
            default -> new Actor(Kind.TOKEN, authentication.getName());
        };
    }
}
