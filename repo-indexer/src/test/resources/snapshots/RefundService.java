/* Copyright of nobody. */
package shop.till;

import java.util.ArrayList;
import java.util.List;

/** Gives money back. */
@Deprecated
public final class RefundService implements Refunds {

    private static final int ATTEMPTS_MAX = 3;

    private final Ledger ledger;
    private final List<Receipt> receipts = new ArrayList<>();

    public RefundService(Ledger ledger) {
        this.ledger = ledger;
    }

    /** How often a refund is tried. */
    public int attemptsMax() {
        return ATTEMPTS_MAX;
    }

    /** Refunds an order once. */
    @Override
    public Receipt refund(Order order) throws RefusedException {
        if (ledger.alreadyRefunded(order)) {
            throw new RefusedException("order %s is refunded already".formatted(order.id()));
        }
        ledger.book(order, -order.totalCents());
        Receipt receipt = new Receipt(order.totalCents());
        receipts.add(receipt);
        return receipt;
    }

    void settle(List<Order> orders) {
        for (Order order : orders) {
            switch (order.state()) {
                case PAID -> ledger.close(order);
                case OPEN -> ledger.remind(order, order.customer());
            }
        }
        // Receipts of yesterday go to the archive, those of today stay at hand for the cashier.
        List<Receipt> yesterday = receipts.stream().filter(Receipt::isOfYesterday).toList();
        for (Receipt receipt : yesterday) {
            archive.keep(receipt, receipt.cents());
        }
        receipts.removeAll(yesterday);
        ledger.checkBalance(receipts.stream().mapToLong(Receipt::cents).sum());
    }

    enum Reason {
        BROKEN("it broke"),
        LATE("it came late");

        private final String words;

        Reason(String words) {
            this.words = words;
        }
    }

    private record Attempt(int number, Reason reason) {}
}
