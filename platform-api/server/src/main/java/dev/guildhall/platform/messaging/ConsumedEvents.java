package dev.guildhall.platform.messaging;

import java.sql.Timestamp;
import java.time.Clock;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;

/** Remembers which events were consumed, in the same transaction as what they caused. */
@Component
public class ConsumedEvents {

    private final JdbcClient jdbc;
    private final Clock clock;
    private final MessagingSettings settings;

    ConsumedEvents(JdbcClient jdbc, Clock clock, MessagingSettings settings) {
        this.jdbc = jdbc;
        this.clock = clock;
        this.settings = settings;
    }

    /** True the first time; false for a redelivery. Waits for a transaction that is consuming the same event. */
    @Transactional(propagation = Propagation.MANDATORY)
    public boolean addIfNew(String eventId) {
        return jdbc.sql("insert into consumed_event (id, consumed_at) values (:id, :now) on conflict do nothing")
                        .param("id", eventId)
                        .param("now", Timestamp.from(clock.instant()))
                        .update()
                == 1;
    }

    @Scheduled(cron = "0 17 3 * * *")
    void forgetOld() {
        jdbc.sql("delete from consumed_event where consumed_at < :limit")
                .param("limit", Timestamp.from(clock.instant().minus(settings.consumedEventsKept())))
                .update();
    }
}
