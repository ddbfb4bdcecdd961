package com.example.till;

import java.util.Locale;

/** Prints what the customer takes home. */
public final class Receipt {

    private Receipt() {}

    public static String print(Sale sale) {
        return """
                Sale    %s
                Cashier %s
                Total   %s
                """
                .formatted(sale.id(), sale.cashier(), amount(sale.total()));
    }

    static String amount(Money money) {
        return String.format(Locale.ROOT, "%d.%02d", money.cents() / 100, Math.abs(money.cents() % 100));
    }
}
