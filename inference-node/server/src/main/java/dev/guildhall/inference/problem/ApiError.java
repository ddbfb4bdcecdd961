package dev.guildhall.inference.problem;

import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;

/** The body of every error answer, in the shape of OpenAI's API. */
public record ApiError(Detail error) {

    /**
     * What went wrong.
     *
     * @param message what was wrong, with the values, and what to do
     * @param type whose fault it is
     * @param param the field of the request that is wrong, where there is one
     * @param code stable, in kebab-case
     */
    public record Detail(
            String message, String type, @Nullable String param, String code) {}

    /** The error of {@code status}; its type follows from the status, as OpenAI names them. */
    public static ApiError of(HttpStatus status, String code, String message, @Nullable String param) {
        return new ApiError(new Detail(message, type(status), param, code));
    }

    private static String type(HttpStatus status) {
        return switch (status) {
            case UNAUTHORIZED -> "authentication_error";
            case FORBIDDEN -> "permission_error";
            case TOO_MANY_REQUESTS -> "rate_limit_error";
            default -> status.is5xxServerError() ? "server_error" : "invalid_request_error";
        };
    }
}
