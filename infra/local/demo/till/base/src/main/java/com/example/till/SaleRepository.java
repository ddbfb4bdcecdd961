package com.example.till;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.util.List;
import java.util.Optional;

/** Stores sales. */
public final class SaleRepository {

    private final Database database;

    public SaleRepository(Database database) {
        this.database = database;
    }

    public void add(Sale sale) throws SQLException {
        database.update(
                "INSERT INTO sale (id, cashier, total_cents, sold_at, status) VALUES (?, ?, ?, ?, ?)",
                sale.id(),
                sale.cashier(),
                sale.total().cents(),
                Timestamp.from(sale.soldAt()),
                sale.status().name());
    }

    public Optional<Sale> find(String id) throws SQLException {
        List<Sale> sales = database.query("SELECT * FROM sale WHERE id = ?", SaleRepository::sale, id);
        return sales.stream().findFirst();
    }

    private static Sale sale(ResultSet row) throws SQLException {
        return new Sale(
                row.getString("id"),
                row.getString("cashier"),
                new Money(row.getLong("total_cents")),
                row.getTimestamp("sold_at").toInstant(),
                Sale.Status.valueOf(row.getString("status")));
    }
}
