package dev.guildhall.platform.access;

import org.springframework.security.core.AuthenticationException;

/** Keycloak is away, so that a token can be neither believed nor refused. */
final class SignInUnavailableException extends AuthenticationException {

    SignInUnavailableException(String message, Throwable cause) {
        super(message, cause);
    }
}
