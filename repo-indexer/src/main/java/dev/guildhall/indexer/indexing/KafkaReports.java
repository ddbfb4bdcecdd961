package dev.guildhall.indexer.indexing;

import dev.guildhall.contract.EventHeaders;
import dev.guildhall.contract.event.IndexProgress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.kafka.KafkaException;
import org.springframework.kafka.core.KafkaTemplate;
import tools.jackson.databind.json.JsonMapper;

/** Reports over Kafka. */
final class KafkaReports implements ProgressReports {

    private static final Logger log = LoggerFactory.getLogger(KafkaReports.class);
    private static final Duration ACKNOWLEDGED_MAX = Duration.ofSeconds(15);

    private final KafkaTemplate<String, byte[]> kafka;
    private final JsonMapper json;

    KafkaReports(KafkaTemplate<String, byte[]> kafka, JsonMapper json) {
        this.kafka = kafka;
        this.json = json;
    }

    @Override
    public void mention(IndexProgress progress) {
        try {
            var _ = send(progress).whenComplete((_, failure) -> {
                if (failure != null) {
                    log.debug("A progress report got lost", failure);
                }
            });
        } catch (KafkaException e) {
            log.debug("A progress report got lost", e);
        }
    }

    @Override
    public void announce(IndexProgress progress) throws InterruptedException {
        try {
            send(progress).get(ACKNOWLEDGED_MAX.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw new IllegalStateException(
                    "Kafka did not take the report that %s is %s".formatted(progress.repositoryId(), progress.state()),
                    e);
        }
    }

    private CompletableFuture<?> send(IndexProgress progress) {
        ProducerRecord<String, byte[]> message =
                new ProducerRecord<>(progress.topic(), progress.key(), json.writeValueAsBytes(progress));
        header(message, EventHeaders.ID, UUID.randomUUID().toString());
        header(message, EventHeaders.TYPE, progress.type());
        header(message, EventHeaders.SOURCE, "/repo-indexer");
        header(message, EventHeaders.TIME, progress.occurredAt().toString());
        header(message, EventHeaders.SPEC_VERSION, "1.0");
        return kafka.send(message);
    }

    private static void header(ProducerRecord<String, byte[]> message, String name, String value) {
        message.headers().add(name, value.getBytes(StandardCharsets.UTF_8));
    }
}
