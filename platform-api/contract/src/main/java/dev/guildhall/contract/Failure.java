package dev.guildhall.contract;

/**
 * Why something did not work, fit to be shown.
 *
 * @param code stable, in kebab-case: {@code repository-unreadable}
 * @param message what was wrong, with the values
 * @param remedy what to do about it
 */
public record Failure(String code, String message, String remedy) {}
