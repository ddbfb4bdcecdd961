package dev.guildhall.platform.problem;

/**
 * What is wrong with one field of a request.
 *
 * @param field its path in the body or its parameter's name: {@code head.commit}
 * @param message what is wrong and what is allowed
 */
public record FieldError(String field, String message) {}
