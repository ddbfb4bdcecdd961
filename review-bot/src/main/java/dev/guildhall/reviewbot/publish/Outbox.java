package dev.guildhall.reviewbot.publish;

import dev.guildhall.contract.event.GuildhallEvent;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.List;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.json.JsonMapper;

/**
 * Events that are to be told, stored together with what they tell of.
 *
 * <p>What is in here is sent at least once with the same id; what is put in twice under one id is in here once.
 */
public final class Outbox {

    private final JdbcClient database;
    private final JsonMapper json;

    Outbox(JdbcClient database, JsonMapper json) {
        this.database = database;
        this.json = json;
    }

    /** Joins the caller's transaction. */
    public void put(String eventId, GuildhallEvent event, Instant occurredAt) {
        database.sql("""
                        INSERT INTO outbox (event_id, topic, key, type, value, occurred_at)
                        VALUES (:eventId, :topic, :key, :type, :value, :occurredAt)
                        ON CONFLICT (event_id) DO NOTHING""")
                .param("eventId", eventId)
                .param("topic", event.topic())
                .param("key", event.key())
                .param("type", event.type())
                .param("value", json.writeValueAsString(event))
                .param("occurredAt", Timestamp.from(occurredAt))
                .update();
    }

    record Entry(long id, String eventId, String topic, String key, String type, String value, Instant occurredAt) {}

    /** The oldest ones not yet sent. */
    List<Entry> unsent(int limit) {
        return database.sql("""
                        SELECT id, event_id, topic, key, type, value, occurred_at FROM outbox
                        WHERE sent_at IS NULL ORDER BY id LIMIT :limit""")
                .param("limit", limit)
                .query((row, _) -> new Entry(
                        row.getLong("id"),
                        row.getString("event_id"),
                        row.getString("topic"),
                        row.getString("key"),
                        row.getString("type"),
                        row.getString("value"),
                        row.getTimestamp("occurred_at").toInstant()))
                .list();
    }

    void markSent(List<Long> ids) {
        database.sql("UPDATE outbox SET sent_at = now() WHERE id IN (:ids)")
                .param("ids", ids)
                .update();
    }

    int deleteSentBefore(Instant time) {
        return database.sql("DELETE FROM outbox WHERE sent_at < :time")
                .param("time", Timestamp.from(time))
                .update();
    }

    /** Whether this process may send now; held until the transaction ends, so that order holds between replicas. */
    boolean tryLock() {
        return database.sql("SELECT pg_try_advisory_xact_lock(hashtext('review.outbox'))")
                .query(Boolean.class)
                .single();
    }
}
