package dev.guildhall.indexer;

import dev.guildhall.contract.EventHeaders;
import dev.guildhall.contract.RepositoryRef;
import dev.guildhall.contract.Topics;
import dev.guildhall.contract.event.GuildhallEvent;
import dev.guildhall.contract.event.IndexProgress;
import dev.guildhall.contract.event.PushEvent;
import dev.guildhall.contract.event.RepositoryRemoved;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.function.Predicate;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import tools.jackson.databind.json.JsonMapper;

/** The other end of Kafka: says what platform-api would say, hears what it would hear. */
final class Platform implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final JsonMapper json = new JsonMapper();
    private final KafkaProducer<String, byte[]> producer;
    private final List<IndexProgress> heard = new CopyOnWriteArrayList<>();
    private final List<String> deadLetters = new CopyOnWriteArrayList<>();
    private final Thread listener;
    private volatile boolean open = true;

    Platform() {
        Map<String, Object> servers =
                Map.of("bootstrap.servers", TestEnvironment.required("GUILDHALL_TEST_KAFKA_SERVERS"));
        producer = new KafkaProducer<>(servers, new StringSerializer(), new ByteArraySerializer());
        KafkaConsumer<String, byte[]> consumer =
                new KafkaConsumer<>(servers, new StringDeserializer(), new ByteArrayDeserializer());
        List<TopicPartition> partitions = List.of(Topics.INDEX_PROGRESS, Topics.deadLetter(Topics.PUSH)).stream()
                .flatMap(topic -> consumer.partitionsFor(topic).stream())
                .map(partition -> new TopicPartition(partition.topic(), partition.partition()))
                .toList();
        consumer.assign(partitions);
        consumer.seekToEnd(partitions);
        partitions.forEach(consumer::position);
        listener = Thread.ofVirtual().start(() -> listen(consumer));
    }

    private void listen(KafkaConsumer<String, byte[]> consumer) {
        try (consumer) {
            while (open) {
                for (ConsumerRecord<String, byte[]> message : consumer.poll(Duration.ofMillis(100))) {
                    if (message.topic().equals(Topics.INDEX_PROGRESS)) {
                        heard.add(json.readValue(message.value(), IndexProgress.class));
                    } else {
                        deadLetters.add(new String(message.value(), StandardCharsets.UTF_8));
                    }
                }
            }
        }
    }

    /** Announces a push and gives the moment just before. */
    Instant push(RepositoryRef repository) {
        Instant before = Instant.now();
        send(new PushEvent(repository, "refs/heads/main", null, null, before));
        return before;
    }

    void remove(UUID repositoryId) {
        send(new RepositoryRemoved(repositoryId, Instant.now()));
    }

    private void send(GuildhallEvent event) {
        send(event.key(), event.type(), json.writeValueAsBytes(event));
    }

    void send(String key, String type, byte[] value) {
        ProducerRecord<String, byte[]> message = new ProducerRecord<>(Topics.PUSH, key, value);
        message.headers().add(EventHeaders.TYPE, type.getBytes(StandardCharsets.UTF_8));
        message.headers().add(EventHeaders.ID, UUID.randomUUID().toString().getBytes(StandardCharsets.UTF_8));
        try {
            producer.send(message).get();
        } catch (InterruptedException | ExecutionException e) {
            throw new AssertionError("Kafka did not take the message", e);
        }
    }

    /** Pushes and waits for the end of the run. */
    IndexProgress pushAndAwait(RepositoryRef repository) {
        return await(repository.id(), push(repository));
    }

    /** The end of a run that was reported after {@code since}. */
    IndexProgress await(UUID repositoryId, Instant since) {
        return awaitReport(progress -> progress.repositoryId().equals(repositoryId)
                && progress.occurredAt().isAfter(since)
                && progress.state() != IndexProgress.State.RUNNING);
    }

    IndexProgress awaitReport(Predicate<IndexProgress> wanted) {
        return Eventually.value(PATIENCE, () -> heard.stream().filter(wanted).findFirst(), () -> "heard: " + heard);
    }

    List<IndexProgress> heard(UUID repositoryId) {
        return heard.stream()
                .filter(progress -> progress.repositoryId().equals(repositoryId))
                .toList();
    }

    void awaitDeadLetter(String value) {
        Eventually.value(
                PATIENCE,
                () -> deadLetters.stream().filter(value::equals).findFirst(),
                () -> "dead letters: " + deadLetters);
    }

    @Override
    public void close() {
        open = false;
        try {
            listener.join();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
        producer.close();
    }
}
