package com.example.till;

/** The payment provider refused, or could not be reached. */
public final class PaymentException extends Exception {

    private static final long serialVersionUID = 1L;

    public PaymentException(String message, Throwable cause) {
        super(message, cause);
    }
}
