package dev.guildhall.platform.messaging;

import dev.guildhall.contract.EventHeaders;
import dev.guildhall.contract.event.GuildhallEvent;
import dev.guildhall.platform.problem.ErrorCode;
import dev.guildhall.platform.problem.GuildhallException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.NestedExceptionUtils;
import org.springframework.kafka.core.KafkaTemplate;
import tools.jackson.databind.json.JsonMapper;

/** Writes events to Kafka and returns when they are safe there. */
public class EventPublisher {

    private static final Logger log = LoggerFactory.getLogger(EventPublisher.class);
    private static final String SOURCE = "/platform-api";

    private final KafkaTemplate<String, byte[]> kafka;
    private final JsonMapper json;
    private final Duration patience;

    /** Not the request's thread: a send blocks without limit of ours while the broker's topology is unknown. */
    private final ExecutorService senders;

    EventPublisher(KafkaTemplate<String, byte[]> kafka, JsonMapper json, Duration patience, ExecutorService senders) {
        this.kafka = kafka;
        this.json = json;
        this.patience = patience;
        this.senders = senders;
    }

    /**
     * Returns after all in-sync replicas have the event.
     *
     * @param id the event's identity: the same fact told again carries the same one
     * @throws GuildhallException {@code kafka-unavailable} when there is no acknowledgement in time; the event may or
     *     may not have been written
     */
    public void publish(GuildhallEvent event, String id, Instant occurredAt) {
        publish(event, id, occurredAt, patience);
    }

    /** As above, with a shorter wait where the caller has less time left than the configured one. */
    public void publish(GuildhallEvent event, String id, Instant occurredAt, Duration timeLeft) {
        Duration wait = timeLeft.compareTo(patience) < 0 ? timeLeft : patience;
        ProducerRecord<String, byte[]> record =
                new ProducerRecord<>(event.topic(), event.key(), json.writeValueAsBytes(event));
        header(record, EventHeaders.ID, id);
        header(record, EventHeaders.TYPE, event.type());
        header(record, EventHeaders.SOURCE, SOURCE);
        header(record, EventHeaders.TIME, occurredAt.toString());
        header(record, EventHeaders.SPEC_VERSION, "1.0");
        try {
            senders.submit(() -> kafka.send(record).get()).get(Math.max(1, wait.toMillis()), TimeUnit.MILLISECONDS);
        } catch (InterruptedException exception) {
            Thread.currentThread().interrupt();
            throw unavailable(event, "the wait was interrupted", exception);
        } catch (ExecutionException exception) {
            throw unavailable(event, String.valueOf(NestedExceptionUtils.getMostSpecificCause(exception)), exception);
        } catch (TimeoutException exception) {
            throw unavailable(event, "no acknowledgement within " + wait.toMillis() + " ms", exception);
        }
        log.debug("published {} {} with key {}", event.type(), id, event.key());
    }

    private static void header(ProducerRecord<String, byte[]> record, String name, String value) {
        record.headers().add(name, value.getBytes(StandardCharsets.UTF_8));
    }

    private static GuildhallException unavailable(GuildhallEvent event, String reason, Exception cause) {
        return new GuildhallException(
                ErrorCode.KAFKA_UNAVAILABLE,
                "topic %s did not take the event: %s: try again".formatted(event.topic(), reason),
                cause);
    }
}
