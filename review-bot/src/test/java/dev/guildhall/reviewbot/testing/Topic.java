package dev.guildhall.reviewbot.testing;

import dev.guildhall.contract.EventHeaders;
import dev.guildhall.contract.Topics;
import dev.guildhall.contract.event.GuildhallEvent;
import dev.guildhall.contract.event.ReviewCompleted;
import dev.guildhall.contract.event.ReviewProgress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import tools.jackson.databind.json.JsonMapper;

/** The real Kafka as the other services see it: they write pull requests and read what becomes of them. */
public final class Topic implements AutoCloseable {

    private static final JsonMapper JSON = JsonMapper.shared();
    private static final List<String> READ =
            List.of(Topics.REVIEW_PROGRESS, Topics.REVIEW_COMPLETED, Topics.deadLetter(Topics.PULL_REQUEST));

    private final String servers = TestEnvironment.required("GUILDHALL_TEST_KAFKA_SERVERS");
    private final KafkaProducer<String, String> producer = new KafkaProducer<>(
            Map.of("bootstrap.servers", servers, "acks", "all"), new StringSerializer(), new StringSerializer());
    private final KafkaConsumer<String, String> consumer = new KafkaConsumer<>(
            Map.of("bootstrap.servers", servers, "enable.auto.commit", false),
            new StringDeserializer(),
            new StringDeserializer());
    private final List<ConsumerRecord<String, String>> messages = new CopyOnWriteArrayList<>();

    public Topic() {
        create(Topics.PULL_REQUEST);
        READ.forEach(this::create);
        List<TopicPartition> partitions = READ.stream()
                .flatMap(topic -> consumer.partitionsFor(topic).stream())
                .map(info -> new TopicPartition(info.topic(), info.partition()))
                .toList();
        consumer.assign(partitions);
        consumer.seekToEnd(partitions);
        partitions.forEach(consumer::position);
    }

    public void send(String eventId, GuildhallEvent event) {
        send(eventId, event.type(), event.key(), JSON.writeValueAsString(event));
    }

    public void send(String eventId, String type, String key, String value) {
        ProducerRecord<String, String> message = new ProducerRecord<>(Topics.PULL_REQUEST, key, value);
        message.headers().add(EventHeaders.ID, eventId.getBytes(StandardCharsets.UTF_8));
        message.headers().add(EventHeaders.TYPE, type.getBytes(StandardCharsets.UTF_8));
        try {
            producer.send(message).get();
        } catch (InterruptedException | ExecutionException e) {
            throw new IllegalStateException("Kafka did not take the event", e);
        }
    }

    public List<ReviewCompleted> completed(UUID repository) {
        return read(Topics.REVIEW_COMPLETED).stream()
                .map(message -> JSON.readValue(message.value(), ReviewCompleted.class))
                .filter(event -> event.review().repositoryId().equals(repository))
                .toList();
    }

    public List<ReviewProgress> progress(UUID repository) {
        return read(Topics.REVIEW_PROGRESS).stream()
                .map(message -> JSON.readValue(message.value(), ReviewProgress.class))
                .filter(event -> event.review().repositoryId().equals(repository))
                .toList();
    }

    public List<ConsumerRecord<String, String>> deadLetters(String key) {
        return read(Topics.deadLetter(Topics.PULL_REQUEST)).stream()
                .filter(message -> key.equals(message.key()))
                .toList();
    }

    public List<ConsumerRecord<String, String>> completedMessages() {
        return read(Topics.REVIEW_COMPLETED);
    }

    @Override
    public void close() {
        producer.close();
        consumer.close();
    }

    private List<ConsumerRecord<String, String>> read(String topic) {
        consumer.poll(Duration.ofMillis(100)).forEach(messages::add);
        return messages.stream()
                .filter(message -> message.topic().equals(topic))
                .toList();
    }

    private void create(String topic) {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", servers))) {
            admin.createTopics(List.of(new NewTopic(topic, Topics.PARTITIONS, (short) 1)))
                    .all()
                    .get();
        } catch (ExecutionException e) {
            if (!(e.getCause() instanceof TopicExistsException)) {
                throw new IllegalStateException("topic " + topic + " cannot be made", e);
            }
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
