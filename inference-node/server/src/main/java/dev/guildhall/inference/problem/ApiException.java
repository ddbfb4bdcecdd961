package dev.guildhall.inference.problem;

import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;

/** A request that is refused, with the status and code that its caller sees. */
public class ApiException extends RuntimeException {

    private final HttpStatus status;
    private final String code;
    private final @Nullable String param;

    public ApiException(HttpStatus status, String code, String message, @Nullable String param) {
        super(message);
        this.status = status;
        this.code = code;
        this.param = param;
    }

    /** The caller's fault: {@code param} is the field that is wrong. */
    public static ApiException badRequest(String code, String param, String message) {
        return new ApiException(HttpStatus.BAD_REQUEST, code, message, param);
    }

    /** No such thing here. */
    public static ApiException notFound(String code, String param, String message) {
        return new ApiException(HttpStatus.NOT_FOUND, code, message, param);
    }

    /** All places are taken: the caller may come back. */
    public static ApiException busy(String code, String message) {
        return new ApiException(HttpStatus.TOO_MANY_REQUESTS, code, message, null);
    }

    /** This node cannot do it now. */
    public static ApiException unavailable(String code, String message) {
        return new ApiException(HttpStatus.SERVICE_UNAVAILABLE, code, message, null);
    }

    public HttpStatus status() {
        return status;
    }

    public String code() {
        return code;
    }

    /** The error as the caller sees it. */
    public ApiError error() {
        return ApiError.of(status, code, String.valueOf(getMessage()), param);
    }
}
