package dev.guildhall.platform.access;

import java.sql.Timestamp;
import java.time.Clock;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;

/** The record of every decision that changed something. Only ever grows. */
@Component
public class AuditLog {

    private final JdbcClient jdbc;
    private final Clock clock;

    AuditLog(JdbcClient jdbc, Clock clock) {
        this.jdbc = jdbc;
        this.clock = clock;
    }

    /**
     * Adds an entry in the transaction of the change: both are kept, or neither.
     *
     * @param action noun and verb: {@code repository.create}
     * @param subject what was changed: an id
     * @param detail for people; no secrets
     */
    @Transactional(propagation = Propagation.MANDATORY)
    public void record(String action, String subject, String detail) {
        Actor actor = Actor.current();
        jdbc.sql("""
                insert into audit_entry (at, actor_kind, actor, action, subject, detail)
                values (:at, :kind, :actor, :action, :subject, :detail)
                """)
                .param("at", Timestamp.from(clock.instant()))
                .param("kind", actor.kind().word())
                .param("actor", actor.name())
                .param("action", action)
                .param("subject", subject)
                .param("detail", detail)
                .update();
    }
}
