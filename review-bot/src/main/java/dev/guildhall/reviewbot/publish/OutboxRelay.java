package dev.guildhall.reviewbot.publish;

import dev.guildhall.contract.EventHeaders;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.kafka.core.KafkaTemplate;
import org.springframework.transaction.support.TransactionTemplate;

/** Sends what is in the outbox, in its order, one process at a time. */
final class OutboxRelay implements SmartLifecycle {

    private static final Logger log = LoggerFactory.getLogger(OutboxRelay.class);

    private static final String SOURCE = "/review-bot";
    private static final Duration SEND_TIMEOUT = Duration.ofSeconds(30);
    private static final Duration CLEANING_INTERVAL = Duration.ofMinutes(10);

    private final Outbox outbox;
    private final KafkaTemplate<String, String> kafka;
    private final TransactionTemplate transactions;
    private final Clock clock;
    private final PublishSettings settings;
    private final ScheduledExecutorService scheduler = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().name("outbox-relay").daemon().factory());
    private volatile boolean running;
    private boolean brokerAway;

    OutboxRelay(
            Outbox outbox,
            KafkaTemplate<String, String> kafka,
            TransactionTemplate transactions,
            Clock clock,
            PublishSettings settings) {
        this.outbox = outbox;
        this.kafka = kafka;
        this.transactions = transactions;
        this.clock = clock;
        this.settings = settings;
    }

    @Override
    @SuppressWarnings("FutureReturnValueIgnored")
    public void start() {
        running = true;
        long pause = settings.interval().toMillis();
        scheduler.scheduleWithFixedDelay(this::relay, pause, pause, TimeUnit.MILLISECONDS);
        scheduler.scheduleWithFixedDelay(
                this::clean, CLEANING_INTERVAL.toSeconds(), CLEANING_INTERVAL.toSeconds(), TimeUnit.SECONDS);
    }

    @Override
    public void stop() {
        running = false;
        scheduler.shutdown();
        try {
            if (!scheduler.awaitTermination(SEND_TIMEOUT.toSeconds(), TimeUnit.SECONDS)) {
                scheduler.shutdownNow();
            }
        } catch (InterruptedException e) {
            scheduler.shutdownNow();
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    @SuppressWarnings("CatchingUnchecked")
    private void relay() {
        try {
            int sent;
            do {
                Integer count = transactions.execute(_ -> outbox.tryLock() ? sendBatch() : 0);
                sent = count == null ? 0 : count;
            } while (sent == settings.batch());
            brokerAway = false;
        } catch (RuntimeException e) {
            // Whatever it was, the entries stay and are sent later.
            if (!brokerAway) {
                log.warn("events wait in the outbox: {}", e.getMessage());
                brokerAway = true;
            }
        }
    }

    private int sendBatch() {
        List<Outbox.Entry> entries = outbox.unsent(settings.batch());
        List<CompletableFuture<?>> sends = new ArrayList<>();
        for (Outbox.Entry entry : entries) {
            sends.add(kafka.send(record(entry)));
        }
        List<Long> acknowledged = new ArrayList<>();
        for (int i = 0; i < entries.size(); i++) {
            if (isAcknowledged(entries.get(i), sends.get(i))) {
                acknowledged.add(entries.get(i).id());
            } else {
                break;
            }
        }
        if (!acknowledged.isEmpty()) {
            outbox.markSent(acknowledged);
        }
        if (acknowledged.size() < entries.size()) {
            log.warn(
                    "{} of {} events were not acknowledged by Kafka, they are sent again",
                    entries.size() - acknowledged.size(),
                    entries.size());
        }
        return acknowledged.size();
    }

    private static boolean isAcknowledged(Outbox.Entry entry, CompletableFuture<?> send) {
        try {
            send.get(SEND_TIMEOUT.toSeconds(), TimeUnit.SECONDS);
            return true;
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RecordTooLargeException
                    || (e.getCause() != null && e.getCause().getCause() instanceof RecordTooLargeException)) {
                log.error(
                        "event {} of {} characters is larger than Kafka takes and is given up: raise max.message.bytes"
                                + " of topic {}",
                        entry.eventId(),
                        entry.value().length(),
                        entry.topic());
                return true;
            }
            return false;
        } catch (TimeoutException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private static ProducerRecord<String, String> record(Outbox.Entry entry) {
        ProducerRecord<String, String> message = new ProducerRecord<>(entry.topic(), entry.key(), entry.value());
        header(message, EventHeaders.ID, entry.eventId());
        header(message, EventHeaders.TYPE, entry.type());
        header(message, EventHeaders.SOURCE, SOURCE);
        header(message, EventHeaders.TIME, entry.occurredAt().toString());
        header(message, EventHeaders.SPEC_VERSION, "1.0");
        return message;
    }

    private static void header(ProducerRecord<String, String> message, String name, String value) {
        message.headers().add(name, value.getBytes(StandardCharsets.UTF_8));
    }

    private void clean() {
        try {
            int deleted = outbox.deleteSentBefore(Instant.now(clock).minus(settings.sentKept()));
            log.debug("removed {} sent events from the outbox", deleted);
        } catch (RuntimeException e) {
            log.warn("sent events could not be removed: {}", e.getMessage());
        }
    }
}
