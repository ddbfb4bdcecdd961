package com.example.till;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;

/** Talks to the payment provider. */
public interface PaymentGateway {

    void payBack(String saleId, Money amount) throws PaymentException;

    /** Compares in constant time, so that the time taken tells nothing about the token. */
    static boolean sameToken(String expected, String actual) {
        return MessageDigest.isEqual(
                expected.getBytes(StandardCharsets.UTF_8), actual.getBytes(StandardCharsets.UTF_8));
    }
}
