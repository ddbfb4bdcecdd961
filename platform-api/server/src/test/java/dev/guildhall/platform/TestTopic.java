package dev.guildhall.platform;

import dev.guildhall.contract.EventHeaders;
import dev.guildhall.contract.Topics;
import dev.guildhall.contract.event.GuildhallEvent;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

/** Reads what is written to a topic from now on, and writes events as the other services do. */
final class TestTopic implements AutoCloseable {

    private final KafkaConsumer<String, byte[]> consumer;
    private final List<ConsumerRecord<String, byte[]>> seen = new ArrayList<>();

    TestTopic(String topic) {
        consumer = new KafkaConsumer<>(
                Map.of("bootstrap.servers", TestStack.KAFKA_SERVERS, "allow.auto.create.topics", false),
                new StringDeserializer(),
                new ByteArrayDeserializer());
        List<TopicPartition> partitions = consumer.partitionsFor(topic).stream()
                .map(partition -> new TopicPartition(topic, partition.partition()))
                .toList();
        consumer.assign(partitions);
        consumer.seekToEnd(partitions);
        partitions.forEach(consumer::position);
    }

    /** Records whose key begins so, once there are as many or the time is over. */
    List<ConsumerRecord<String, byte[]>> await(String keyPrefix, int count, Duration patience) {
        long end = System.nanoTime() + patience.toNanos();
        List<ConsumerRecord<String, byte[]>> found = find(keyPrefix);
        while (found.size() < count && System.nanoTime() < end) {
            consumer.poll(Duration.ofMillis(200)).forEach(seen::add);
            found = find(keyPrefix);
        }
        return found;
    }

    /** Records whose key begins so, after waiting for some that should not come. */
    List<ConsumerRecord<String, byte[]>> all(String keyPrefix) {
        return await(keyPrefix, Integer.MAX_VALUE, Duration.ofSeconds(1));
    }

    private List<ConsumerRecord<String, byte[]>> find(String keyPrefix) {
        return seen.stream()
                .filter(record -> record.key().startsWith(keyPrefix))
                .toList();
    }

    static String header(ConsumerRecord<String, byte[]> record, String name) {
        return new String(record.headers().lastHeader(name).value(), StandardCharsets.UTF_8);
    }

    /** The topics that the other services create when they start. */
    static void createTopicsOfOthers() throws Exception {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", TestStack.KAFKA_SERVERS))) {
            for (String name : List.of(Topics.INDEX_PROGRESS, Topics.REVIEW_PROGRESS, Topics.REVIEW_COMPLETED)) {
                try {
                    admin.createTopics(List.of(new NewTopic(name, Topics.PARTITIONS, (short) 1)))
                            .all()
                            .get(10, TimeUnit.SECONDS);
                } catch (ExecutionException exception) {
                    if (!(exception.getCause() instanceof TopicExistsException)) {
                        throw exception;
                    }
                }
            }
        }
    }

    static void write(String id, GuildhallEvent event) throws Exception {
        write(event.topic(), event.key(), id, event.type(), TestPlatform.JSON.writeValueAsBytes(event));
    }

    static void write(String topic, String key, String id, String type, byte[] value) throws Exception {
        try (KafkaProducer<String, byte[]> producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", TestStack.KAFKA_SERVERS),
                new StringSerializer(),
                new ByteArraySerializer())) {
            ProducerRecord<String, byte[]> record = new ProducerRecord<>(topic, key, value);
            record.headers().add(EventHeaders.ID, id.getBytes(StandardCharsets.UTF_8));
            record.headers().add(EventHeaders.TYPE, type.getBytes(StandardCharsets.UTF_8));
            record.headers().add(EventHeaders.TIME, Instant.now().toString().getBytes(StandardCharsets.UTF_8));
            producer.send(record).get(10, TimeUnit.SECONDS);
        }
    }

    @Override
    public void close() {
        consumer.close();
    }
}
