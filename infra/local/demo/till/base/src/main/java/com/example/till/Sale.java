package com.example.till;

import java.time.Instant;

/** A completed sale. */
public record Sale(String id, String cashier, Money total, Instant soldAt, Status status) {

    public enum Status {
        COMPLETED,
        VOIDED
    }
}
