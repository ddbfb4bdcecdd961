CREATE TABLE sale (
    id          VARCHAR(36) PRIMARY KEY,
    cashier     VARCHAR(80) NOT NULL,
    total_cents BIGINT      NOT NULL,
    sold_at     TIMESTAMP   NOT NULL,
    status      VARCHAR(16) NOT NULL
);

CREATE TABLE refund (
    id      BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    sale_id VARCHAR(36) NOT NULL REFERENCES sale (id),
    cents   BIGINT      NOT NULL CHECK (cents > 0),
    reason  VARCHAR(200) NOT NULL
);
