package dev.guildhall.platform.messaging;

import dev.guildhall.contract.EventHeaders;
import dev.guildhall.contract.event.GuildhallEvent;
import dev.guildhall.contract.event.IndexProgress;
import dev.guildhall.contract.event.PullRequestEvent;
import dev.guildhall.contract.event.PushEvent;
import dev.guildhall.contract.event.ReviewCompleted;
import dev.guildhall.contract.event.ReviewProgress;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.springframework.stereotype.Component;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/** Turns Kafka records into events: {@code ce_type} says into which, nothing else decides a class. */
@Component
public class EventReader {

    private static final Map<String, Class<? extends GuildhallEvent>> TYPES = Map.of(
            PullRequestEvent.TYPE, PullRequestEvent.class,
            PushEvent.TYPE, PushEvent.class,
            IndexProgress.TYPE, IndexProgress.class,
            ReviewProgress.TYPE, ReviewProgress.class,
            ReviewCompleted.TYPE, ReviewCompleted.class);

    private final JsonMapper json;

    EventReader(JsonMapper json) {
        this.json = json;
    }

    /** @throws UnreadableEventException when the record is not an event that this service knows */
    public ReceivedEvent read(ConsumerRecord<String, byte[]> record) {
        String type = header(record, EventHeaders.TYPE);
        Class<? extends GuildhallEvent> recordClass = TYPES.get(type);
        if (recordClass == null) {
            throw new UnreadableEventException("ce_type '%s' is not known".formatted(type), null);
        }
        String id = header(record, EventHeaders.ID);
        byte[] value = record.value();
        if (value == null) {
            throw new UnreadableEventException("event %s of type %s has no value".formatted(id, type), null);
        }
        try {
            GuildhallEvent event = json.readValue(value, recordClass);
            if (event == null) {
                throw new UnreadableEventException("event %s of type %s is null".formatted(id, type), null);
            }
            return new ReceivedEvent(id, event);
        } catch (JacksonException exception) {
            throw new UnreadableEventException(
                    "event %s of type %s cannot be read: %s".formatted(id, type, exception.getOriginalMessage()),
                    exception);
        }
    }

    private static String header(ConsumerRecord<String, byte[]> record, String name) {
        Header header = record.headers().lastHeader(name);
        if (header == null || header.value() == null) {
            throw new UnreadableEventException("header %s is missing".formatted(name), null);
        }
        return new String(header.value(), StandardCharsets.UTF_8);
    }
}
