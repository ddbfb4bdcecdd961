package com.example.till;

import java.time.Duration;

/** Tries again when the payment provider does not answer. */
public final class RetryingPaymentGateway implements PaymentGateway {

    private static final int ATTEMPTS_MAX = 3;

    private final PaymentGateway delegate;
    private final Duration pause;

    public RetryingPaymentGateway(PaymentGateway delegate, Duration pause) {
        this.delegate = delegate;
        this.pause = pause;
    }

    @Override
    public void payBack(String saleId, Money amount) throws PaymentException {
        for (int attempt = 1; ; attempt++) {
            try {
                delegate.payBack(saleId, amount);
                return;
            } catch (PaymentException e) {
                if (attempt == ATTEMPTS_MAX) {
                    throw e;
                }
            }
            try {
                Thread.sleep(pause.multipliedBy(attempt));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new PaymentException("interrupted while waiting to retry " + saleId, e);
            }
        }
    }
}
