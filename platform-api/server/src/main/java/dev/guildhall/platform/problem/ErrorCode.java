package dev.guildhall.platform.problem;

import java.util.Locale;
import org.springframework.http.HttpStatus;

/** Every problem that a caller can be told about. A code, once published, keeps its meaning. */
public enum ErrorCode {
    INVALID_REQUEST(HttpStatus.BAD_REQUEST, Blame.USER, "The request is not valid"),
    MALFORMED_JSON(HttpStatus.BAD_REQUEST, Blame.USER, "The body is not well-formed JSON"),
    UNKNOWN_WEBHOOK_EVENT(HttpStatus.BAD_REQUEST, Blame.USER, "The webhook's event is not known"),
    NOT_SIGNED_IN(HttpStatus.UNAUTHORIZED, Blame.USER, "Nobody is signed in"),
    INVALID_TOKEN(HttpStatus.UNAUTHORIZED, Blame.USER, "The bearer token is not valid"),
    INVALID_SIGNATURE(HttpStatus.UNAUTHORIZED, Blame.USER, "The webhook's signature is missing or wrong"),
    NOT_ALLOWED(HttpStatus.FORBIDDEN, Blame.USER, "Not allowed with this role"),
    INVALID_CSRF_TOKEN(HttpStatus.FORBIDDEN, Blame.USER, "The CSRF token is missing or out of date"),
    NOT_FOUND(HttpStatus.NOT_FOUND, Blame.USER, "There is nothing here"),
    REPOSITORY_NOT_FOUND(HttpStatus.NOT_FOUND, Blame.USER, "There is no such repository"),
    REVIEW_NOT_FOUND(HttpStatus.NOT_FOUND, Blame.USER, "There is no such review"),
    REVIEW_FILE_NOT_FOUND(HttpStatus.NOT_FOUND, Blame.USER, "The review has no such file"),
    METHOD_NOT_ALLOWED(HttpStatus.METHOD_NOT_ALLOWED, Blame.USER, "The method is not allowed here"),
    NOT_ACCEPTABLE(HttpStatus.NOT_ACCEPTABLE, Blame.USER, "The answer cannot take the form that was asked for"),
    REPOSITORY_NAME_TAKEN(HttpStatus.CONFLICT, Blame.USER, "The repository's name is taken"),
    REVIEW_NOT_FAILED(HttpStatus.CONFLICT, Blame.USER, "Only a failed review runs again"),
    BODY_TOO_LARGE(HttpStatus.CONTENT_TOO_LARGE, Blame.USER, "The body is too large"),
    UNSUPPORTED_MEDIA_TYPE(HttpStatus.UNSUPPORTED_MEDIA_TYPE, Blame.USER, "The body's media type is not supported"),
    INTERNAL_ERROR(HttpStatus.INTERNAL_SERVER_ERROR, Blame.INTERNAL, "Something went wrong in Guildhall"),
    PART_FAILED(HttpStatus.BAD_GATEWAY, Blame.INTERNAL, "A part of Guildhall failed"),
    PART_UNAVAILABLE(HttpStatus.SERVICE_UNAVAILABLE, Blame.RESOURCES, "A part of Guildhall is not available"),
    KAFKA_UNAVAILABLE(HttpStatus.SERVICE_UNAVAILABLE, Blame.RESOURCES, "Kafka is not available"),
    DATABASE_UNAVAILABLE(HttpStatus.SERVICE_UNAVAILABLE, Blame.RESOURCES, "The database is not available"),
    SIGN_IN_UNAVAILABLE(HttpStatus.SERVICE_UNAVAILABLE, Blame.RESOURCES, "Keycloak is not available"),
    TOO_BUSY(HttpStatus.SERVICE_UNAVAILABLE, Blame.RESOURCES, "Too much at once");

    private final HttpStatus status;
    private final Blame blame;
    private final String title;

    ErrorCode(HttpStatus status, Blame blame, String title) {
        this.status = status;
        this.blame = blame;
        this.title = title;
    }

    /** The code as callers see it: {@code review-not-failed}. */
    public String code() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    public HttpStatus status() {
        return status;
    }

    public Blame blame() {
        return blame;
    }

    public String title() {
        return title;
    }
}
