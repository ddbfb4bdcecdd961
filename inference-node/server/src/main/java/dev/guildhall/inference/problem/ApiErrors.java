package dev.guildhall.inference.problem;

import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.http.converter.HttpMessageNotReadableException;
import org.springframework.web.bind.MethodArgumentNotValidException;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;
import org.springframework.web.context.request.WebRequest;
import org.springframework.web.servlet.mvc.method.annotation.ResponseEntityExceptionHandler;
import tools.jackson.core.JacksonException;

/** Maps whatever a controller throws to an error answer: the one place where this is decided. */
@RestControllerAdvice
class ApiErrors extends ResponseEntityExceptionHandler {

    private static final Logger log = LoggerFactory.getLogger(ApiErrors.class);

    @ExceptionHandler(ApiException.class)
    ResponseEntity<ApiError> refused(ApiException refusal) {
        return ResponseEntity.status(refusal.status())
                .contentType(MediaType.APPLICATION_JSON)
                .body(refusal.error());
    }

    @ExceptionHandler(Exception.class)
    ResponseEntity<ApiError> unexpected(Exception fault) {
        log.error("A request failed unexpectedly", fault);
        return refused(new ApiException(
                HttpStatus.INTERNAL_SERVER_ERROR,
                "internal-error",
                "the request failed inside inference-node; its log says why",
                null));
    }

    @Override
    protected @Nullable ResponseEntity<Object> handleHttpMessageNotReadable(
            HttpMessageNotReadableException unreadable,
            HttpHeaders headers,
            HttpStatusCode status,
            WebRequest request) {
        RequestTooLargeException tooLarge = causeOf(unreadable, RequestTooLargeException.class);
        if (tooLarge != null) {
            return answer(HttpStatus.CONTENT_TOO_LARGE, "request-too-large", tooLarge.getMessage(), null);
        }
        JacksonException malformed = causeOf(unreadable, JacksonException.class);
        if (malformed != null) {
            var location = malformed.getLocation();
            String place = location == null || location.getLineNr() < 1
                    ? ""
                    : " at line %d, column %d".formatted(location.getLineNr(), location.getColumnNr());
            return answer(
                    HttpStatus.BAD_REQUEST,
                    "malformed-request",
                    "the body cannot be read%s: %s".formatted(place, malformed.getOriginalMessage()),
                    null);
        }
        return answer(HttpStatus.BAD_REQUEST, "malformed-request", "the request has no body that can be read", null);
    }

    private static <T extends Throwable> @Nullable T causeOf(Throwable failure, Class<T> type) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (type.isInstance(cause)) {
                return type.cast(cause);
            }
        }
        return null;
    }

    @Override
    protected @Nullable ResponseEntity<Object> handleMethodArgumentNotValid(
            MethodArgumentNotValidException invalid, HttpHeaders headers, HttpStatusCode status, WebRequest request) {
        var field = invalid.getBindingResult().getFieldError();
        if (field == null) {
            return answer(HttpStatus.BAD_REQUEST, "invalid-request", "the request is not valid", null);
        }
        String message = "%s %s".formatted(field.getField(), field.getDefaultMessage());
        return answer(HttpStatus.BAD_REQUEST, "invalid-request", message, field.getField());
    }

    @Override
    protected @Nullable ResponseEntity<Object> handleExceptionInternal(
            Exception exception,
            @Nullable Object body,
            HttpHeaders headers,
            HttpStatusCode statusCode,
            WebRequest request) {
        HttpStatus status =
                Objects.requireNonNullElse(HttpStatus.resolve(statusCode.value()), HttpStatus.INTERNAL_SERVER_ERROR);
        return answer(status, code(status), String.valueOf(exception.getMessage()), null);
    }

    private static ResponseEntity<Object> answer(
            HttpStatus status, String code, @Nullable String message, @Nullable String param) {
        return ResponseEntity.status(status)
                .contentType(MediaType.APPLICATION_JSON)
                .body(ApiError.of(status, code, String.valueOf(message), param));
    }

    static String code(HttpStatus status) {
        return status.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
