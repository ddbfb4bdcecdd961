package dev.guildhall.reviewbot.review;

import dev.guildhall.contract.EventHeaders;
import dev.guildhall.contract.Topics;
import dev.guildhall.contract.event.PullRequestEvent;
import java.nio.charset.StandardCharsets;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.kafka.annotation.KafkaListener;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.ObjectReader;
import tools.jackson.databind.json.JsonMapper;

/** Takes pull-request events from Kafka. Reviewing itself happens elsewhere: here nothing takes longer than a write. */
class PullRequestListener {

    private static final Logger log = LoggerFactory.getLogger(PullRequestListener.class);

    private final Reviews reviews;
    private final ReviewWorker worker;
    private final ObjectReader reader;

    PullRequestListener(Reviews reviews, ReviewWorker worker, JsonMapper json) {
        this.reviews = reviews;
        this.worker = worker;
        this.reader = json.readerFor(PullRequestEvent.class)
                .with(DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES)
                .without(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES);
    }

    @KafkaListener(id = "pull-requests", idIsGroup = false, topics = Topics.PULL_REQUEST)
    void receive(ConsumerRecord<String, String> message) {
        String id = header(message, EventHeaders.ID);
        String type = header(message, EventHeaders.TYPE);
        if (!type.equals(PullRequestEvent.TYPE)) {
            throw new PoisonEventException(
                    "event %s has type %s, known is %s".formatted(id, type, PullRequestEvent.TYPE));
        }
        PullRequestEvent event;
        try {
            event = reader.readValue(message.value());
        } catch (JacksonException | IllegalArgumentException e) {
            throw new PoisonEventException("event %s cannot be read: %s".formatted(id, e.getMessage()), e);
        }
        if (reviews.take(id, event)) {
            log.info(
                    "queued the review of {} #{} at {}",
                    event.repository().name(),
                    event.number(),
                    event.head().commit().abbreviated());
            worker.wake();
        } else {
            log.debug("event {} asks for nothing new", id);
        }
    }

    private static String header(ConsumerRecord<String, String> message, String name) {
        Header header = message.headers().lastHeader(name);
        if (header == null || header.value() == null) {
            throw new PoisonEventException("message %s-%d@%d has no header %s"
                    .formatted(message.topic(), message.partition(), message.offset(), name));
        }
        return new String(header.value(), StandardCharsets.UTF_8);
    }
}
