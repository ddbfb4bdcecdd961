package com.example.till;

import java.sql.SQLException;
import java.time.Clock;
import java.util.List;
import java.util.UUID;

/** Records sales. */
public final class TillService {

    private final SaleRepository sales;
    private final Clock clock;

    public TillService(SaleRepository sales, Clock clock) {
        this.sales = sales;
        this.clock = clock;
    }

    /** Adds up the prices and records the sale. */
    public Sale sell(String cashier, List<Money> prices) throws SQLException {
        if (prices.isEmpty()) {
            throw new IllegalArgumentException("a sale needs at least one price");
        }
        Money total = prices.stream().reduce(Money.ZERO, Money::plus);
        Sale sale = new Sale(UUID.randomUUID().toString(), cashier, total, clock.instant(), Sale.Status.COMPLETED);
        sales.add(sale);
        return sale;
    }
}
