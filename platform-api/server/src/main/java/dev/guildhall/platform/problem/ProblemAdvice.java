package dev.guildhall.platform.problem;

import jakarta.servlet.http.HttpServletRequest;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.dao.TransientDataAccessException;
import org.springframework.http.ProblemDetail;
import org.springframework.http.ResponseEntity;
import org.springframework.http.converter.HttpMessageNotReadableException;
import org.springframework.transaction.CannotCreateTransactionException;
import org.springframework.web.ErrorResponse;
import org.springframework.web.HttpMediaTypeNotAcceptableException;
import org.springframework.web.HttpMediaTypeNotSupportedException;
import org.springframework.web.HttpRequestMethodNotSupportedException;
import org.springframework.web.bind.MethodArgumentNotValidException;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;
import org.springframework.web.method.annotation.HandlerMethodValidationException;
import org.springframework.web.method.annotation.MethodArgumentTypeMismatchException;
import org.springframework.web.servlet.NoHandlerFoundException;
import org.springframework.web.servlet.resource.NoResourceFoundException;
import tools.jackson.core.JacksonException;

/** The one place where exceptions become problems. */
@RestControllerAdvice
class ProblemAdvice {

    private static final Logger log = LoggerFactory.getLogger(ProblemAdvice.class);

    private final Problems problems;

    ProblemAdvice(Problems problems) {
        this.problems = problems;
    }

    @ExceptionHandler
    ResponseEntity<ProblemDetail> handle(GuildhallException exception, HttpServletRequest request) {
        switch (exception.code().blame()) {
            case USER -> log.debug("{}: {}", exception.code().code(), exception.getMessage());
            case RESOURCES -> log.warn("{}: {}", exception.code().code(), exception.getMessage());
            case INTERNAL -> log.error("{}: {}", exception.code().code(), exception.getMessage(), exception);
        }
        return problems.answer(exception.code(), message(exception), exception.errors(), request);
    }

    @ExceptionHandler
    ResponseEntity<ProblemDetail> handle(MethodArgumentNotValidException exception, HttpServletRequest request) {
        return invalid(
                exception.getBindingResult().getFieldErrors().stream()
                        .map(error -> new FieldError(error.getField(), text(error.getDefaultMessage())))
                        .toList(),
                request);
    }

    @ExceptionHandler
    ResponseEntity<ProblemDetail> handle(HandlerMethodValidationException exception, HttpServletRequest request) {
        List<FieldError> errors = new ArrayList<>();
        exception
                .getParameterValidationResults()
                .forEach(result -> result.getResolvableErrors()
                        .forEach(error -> errors.add(new FieldError(
                                text(result.getMethodParameter().getParameterName()),
                                text(error.getDefaultMessage())))));
        return invalid(errors, request);
    }

    @ExceptionHandler
    ResponseEntity<ProblemDetail> handle(MethodArgumentTypeMismatchException exception, HttpServletRequest request) {
        Class<?> type = exception.getRequiredType();
        return invalid(
                List.of(new FieldError(
                        exception.getName(),
                        "'%s' is not %s"
                                .formatted(
                                        exception.getValue(), type == null ? "allowed" : "a " + type.getSimpleName()))),
                request);
    }

    @ExceptionHandler
    ResponseEntity<ProblemDetail> handle(HttpMessageNotReadableException exception, HttpServletRequest request) {
        if (exception.getCause() instanceof JacksonException cause) {
            return handle(JsonProblems.of(cause), request);
        }
        return problems.answer(
                ErrorCode.MALFORMED_JSON, "the body is empty or cannot be read: send JSON", List.of(), request);
    }

    @ExceptionHandler({
        DataAccessResourceFailureException.class,
        TransientDataAccessException.class,
        CannotCreateTransactionException.class
    })
    ResponseEntity<ProblemDetail> handleDatabase(Exception exception, HttpServletRequest request) {
        log.warn("database-unavailable: {}", exception.getMessage());
        return problems.answer(
                ErrorCode.DATABASE_UNAVAILABLE, "PostgreSQL did not answer in time: try again", List.of(), request);
    }

    @ExceptionHandler
    ResponseEntity<ProblemDetail> handle(Exception exception, HttpServletRequest request) throws Exception {
        ErrorCode code = switch (exception) {
            case NoResourceFoundException _, NoHandlerFoundException _ -> ErrorCode.NOT_FOUND;
            case HttpRequestMethodNotSupportedException _ -> ErrorCode.METHOD_NOT_ALLOWED;
            case HttpMediaTypeNotSupportedException _ -> ErrorCode.UNSUPPORTED_MEDIA_TYPE;
            case HttpMediaTypeNotAcceptableException _ -> ErrorCode.NOT_ACCEPTABLE;
            case ErrorResponse response when response.getStatusCode().is4xxClientError() -> ErrorCode.INVALID_REQUEST;
            default -> ErrorCode.INTERNAL_ERROR;
        };
        if (code == ErrorCode.INTERNAL_ERROR) {
            // Security's own exceptions belong to its filters, which answer 401 and 403.
            if (exception instanceof org.springframework.security.access.AccessDeniedException
                    || exception instanceof org.springframework.security.core.AuthenticationException) {
                throw exception;
            }
            log.error("{} {} failed", request.getMethod(), request.getRequestURI(), exception);
            return problems.answer(
                    code,
                    "the cause is in the log of platform-api under request id " + RequestIds.of(request),
                    List.of(),
                    request);
        }
        String detail = exception instanceof ErrorResponse response
                ? text(response.getBody().getDetail())
                : message(exception);
        return problems.answer(code, detail, List.of(), request);
    }

    private ResponseEntity<ProblemDetail> invalid(List<FieldError> errors, HttpServletRequest request) {
        return problems.answer(ErrorCode.INVALID_REQUEST, GuildhallException.describe(errors), errors, request);
    }

    private static String message(Exception exception) {
        return text(exception.getMessage());
    }

    private static String text(@Nullable String message) {
        return message == null ? "" : message;
    }
}
