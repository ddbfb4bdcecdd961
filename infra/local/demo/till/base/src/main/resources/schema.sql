CREATE TABLE sale (
    id          VARCHAR(36) PRIMARY KEY,
    cashier     VARCHAR(80) NOT NULL,
    total_cents BIGINT      NOT NULL,
    sold_at     TIMESTAMP   NOT NULL,
    status      VARCHAR(16) NOT NULL
);
