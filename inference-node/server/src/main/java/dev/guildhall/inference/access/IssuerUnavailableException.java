package dev.guildhall.inference.access;

import org.springframework.security.core.AuthenticationException;

/** The realm's keys could not be read, so that nobody can say whether a token is good. */
class IssuerUnavailableException extends AuthenticationException {

    IssuerUnavailableException(String message, Throwable cause) {
        super(message, cause);
    }
}
