package dev.guildhall.inference.openai;

import dev.guildhall.engine.generation.ContextLimitException;
import dev.guildhall.engine.generation.GenerationFailedException;
import dev.guildhall.engine.generation.QueueFullException;
import dev.guildhall.inference.problem.ApiError;
import jakarta.servlet.http.HttpServletRequest;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;

/** What the engine refuses or fails at, as callers see it. */
@RestControllerAdvice
@Order(Ordered.HIGHEST_PRECEDENCE)
class GenerationRefusals {

    @ExceptionHandler
    ResponseEntity<ApiError> failed(GenerationFailedException failure) {
        return answer(HttpStatus.INTERNAL_SERVER_ERROR, Answers.error(failure));
    }

    /** Its code is written as OpenAI writes it: clients look for it to shorten their conversation. */
    @ExceptionHandler
    ResponseEntity<ApiError> tooLong(ContextLimitException refusal, HttpServletRequest request) {
        String param = request.getRequestURI().endsWith("/chat/completions") ? "messages" : "prompt";
        return answer(
                HttpStatus.BAD_REQUEST,
                ApiError.of(
                        HttpStatus.BAD_REQUEST,
                        "context_length_exceeded",
                        String.valueOf(refusal.getMessage()),
                        param));
    }

    @ExceptionHandler
    ResponseEntity<ApiError> queueFull(QueueFullException refusal) {
        return ResponseEntity.status(HttpStatus.TOO_MANY_REQUESTS)
                .header(
                        HttpHeaders.RETRY_AFTER,
                        Long.toString(refusal.retryAfter().toSeconds()))
                .contentType(MediaType.APPLICATION_JSON)
                .body(ApiError.of(
                        HttpStatus.TOO_MANY_REQUESTS, "queue-full", String.valueOf(refusal.getMessage()), null));
    }

    private static ResponseEntity<ApiError> answer(HttpStatus status, ApiError error) {
        return ResponseEntity.status(status)
                .contentType(MediaType.APPLICATION_JSON)
                .body(error);
    }
}
