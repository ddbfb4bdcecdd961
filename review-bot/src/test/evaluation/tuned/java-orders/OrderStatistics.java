package com.example.orders;

import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Figures about the orders of a shop. */
final class OrderStatistics {

    private final Map<String, Customer> customers = new HashMap<>();

    record Customer(String id, String name, Integer discountPercent) {}

    record Order(String customerId, long cents, int items) {}

    /** The average amount of an order; 0 where there is none. */
    static long averageCents(List<Order> orders) {
        if (orders.isEmpty()) {
            return 0;
        }
        long sum = orders.stream().mapToLong(Order::cents).sum();
        return sum / orders.size();
    }

    /** The average price of one item of an order. */
    static long centsPerItem(Order order) {
        return order.cents() / order.items();
    }

    /** The name of the customer who ordered. */
    String customerName(Order order) {
        Customer customer = customers.get(order.customerId());
        return customer.name();
    }

    /** The name of the customer, or a text that says that nobody is known. */
    String customerNameOrUnknown(Order order) {
        Customer customer = customers.get(order.customerId());
        if (customer == null) {
            return "unknown";
        }
        return customer.name();
    }

    /** The most expensive order, if there is any. */
    static Optional<Order> mostExpensive(List<Order> orders) {
        return orders.stream().max(Comparator.comparingLong(Order::cents));
    }

    /** The cheapest orders first. */
    static List<Order> cheapestFirst(List<Order> orders) {
        Collections.sort(orders, Comparator.comparingLong(Order::cents));
        return orders;
    }

    /** The last order of the list. */
    static Order last(List<Order> orders) {
        return orders.get(orders.size());
    }

    /** The cents of each order, as an array. */
    static long[] cents(List<Order> orders) {
        long[] cents = new long[orders.size()];
        for (int i = 0; i < orders.size(); i++) {
            cents[i] = orders.get(i).cents();
        }
        return cents;
    }
}
