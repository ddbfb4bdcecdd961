package dev.guildhall.platform.webhook;

import java.sql.Timestamp;
import java.time.Clock;
import java.time.Duration;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;

/** The deliveries whose event Kafka has: a row is kept with the transaction that published it, never before. */
@Component
class Deliveries {

    private final JdbcClient jdbc;
    private final Clock clock;
    private final WebhookSettings settings;

    Deliveries(JdbcClient jdbc, Clock clock, WebhookSettings settings) {
        this.jdbc = jdbc;
        this.clock = clock;
        this.settings = settings;
    }

    /**
     * True for the first; false for one that was handled. Waits, up to {@code patience}, for a transaction that is
     * handling the same delivery: it goes on as first when that one fails.
     */
    @Transactional(propagation = Propagation.MANDATORY)
    boolean claim(UUID repositoryId, String delivery, String event, Duration patience) {
        // A number, so that nothing of the caller's gets into the statement.
        jdbc.sql("set local lock_timeout = " + Math.max(1, patience.toMillis())).update();
        return jdbc.sql("""
                insert into webhook_delivery (repository_id, delivery, event, received_at)
                values (:repository, :delivery, :event, :now)
                on conflict (repository_id, delivery) do nothing
                """)
                        .param("repository", repositoryId)
                        .param("delivery", delivery)
                        .param("event", event)
                        .param("now", Timestamp.from(clock.instant()))
                        .update()
                == 1;
    }

    /** Keeps what the delivery was answered with. */
    @Transactional(propagation = Propagation.MANDATORY)
    void answered(UUID repositoryId, String delivery, long reviewId) {
        jdbc.sql("""
                update webhook_delivery set review_id = :review
                where repository_id = :repository and delivery = :delivery
                """)
                .param("review", reviewId)
                .param("repository", repositoryId)
                .param("delivery", delivery)
                .update();
    }

    /** @param reviewId absent where the event had no review */
    record Answer(String event, @Nullable Long reviewId) {}

    /** What the delivery was answered with when it was handled. */
    Answer answer(UUID repositoryId, String delivery) {
        return jdbc.sql("""
                select event, review_id from webhook_delivery
                where repository_id = :repository and delivery = :delivery
                """)
                .param("repository", repositoryId)
                .param("delivery", delivery)
                .query((row, _) -> new Answer(row.getString("event"), row.getObject("review_id", Long.class)))
                .single();
    }

    @Scheduled(cron = "0 27 3 * * *")
    void forgetOld() {
        jdbc.sql("delete from webhook_delivery where received_at < :limit")
                .param("limit", Timestamp.from(clock.instant().minus(settings.deliveriesKept())))
                .update();
    }
}
