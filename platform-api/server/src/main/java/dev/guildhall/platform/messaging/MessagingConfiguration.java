package dev.guildhall.platform.messaging;

import dev.guildhall.contract.Topics;
import java.time.Clock;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.dao.TransientDataAccessException;
import org.springframework.kafka.config.TopicBuilder;
import org.springframework.kafka.core.KafkaAdmin.NewTopics;
import org.springframework.kafka.core.KafkaTemplate;
import org.springframework.kafka.listener.DeadLetterPublishingRecoverer;
import org.springframework.kafka.listener.DefaultErrorHandler;
import org.springframework.scheduling.annotation.EnableScheduling;
import org.springframework.transaction.CannotCreateTransactionException;
import org.springframework.util.backoff.BackOff;
import org.springframework.util.backoff.ExponentialBackOff;
import org.springframework.util.backoff.FixedBackOff;
import tools.jackson.databind.json.JsonMapper;

/** Wires Kafka: topics that this service writes, the producer, and what happens to records that fail. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(MessagingSettings.class)
@EnableScheduling
class MessagingConfiguration {

    private static final Logger log = LoggerFactory.getLogger(MessagingConfiguration.class);

    /** A record that fails is tried this often before it is put aside. */
    private static final int ATTEMPTS_MAX = 6;

    @Bean
    Clock clock() {
        return Clock.systemUTC();
    }

    @Bean
    NewTopics topics(MessagingSettings settings) {
        // Written by this service: the forge's events, and what it puts aside of the topics that it reads.
        return new NewTopics(Stream.of(
                        Topics.PULL_REQUEST,
                        Topics.PUSH,
                        Topics.deadLetter(Topics.INDEX_PROGRESS),
                        Topics.deadLetter(Topics.REVIEW_PROGRESS),
                        Topics.deadLetter(Topics.REVIEW_COMPLETED))
                .map(name -> TopicBuilder.name(name)
                        .partitions(Topics.PARTITIONS)
                        .replicas(settings.topicReplication())
                        .build())
                .toArray(NewTopic[]::new));
    }

    @Bean
    EventPublisher eventPublisher(KafkaTemplate<String, byte[]> kafka, JsonMapper json, MessagingSettings settings) {
        return new EventPublisher(kafka, json, settings.publishPatience(), Executors.newVirtualThreadPerTaskExecutor());
    }

    /**
     * An unreadable record is put aside at once, any other failing one after a few attempts; while the database is
     * away nothing is put aside: the consumer waits for it.
     */
    @Bean
    DefaultErrorHandler kafkaErrorHandler(KafkaTemplate<String, byte[]> kafka) {
        DeadLetterPublishingRecoverer recoverer = new DeadLetterPublishingRecoverer(kafka, (record, exception) -> {
            log.error(
                    "record {}-{}@{} goes to {}",
                    record.topic(),
                    record.partition(),
                    record.offset(),
                    Topics.deadLetter(record.topic()),
                    exception);
            return new TopicPartition(Topics.deadLetter(record.topic()), record.partition());
        });
        BackOff bounded = bounded();
        DefaultErrorHandler handler = new DefaultErrorHandler(recoverer, bounded);
        handler.addNotRetryableExceptions(UnreadableEventException.class);
        BackOff unbounded = new FixedBackOff(1_000, FixedBackOff.UNLIMITED_ATTEMPTS);
        handler.setBackOffFunction((record, exception) -> isDatabaseAway(exception) ? unbounded : bounded);
        return handler;
    }

    private static BackOff bounded() {
        ExponentialBackOff backOff = new ExponentialBackOff(200, 2);
        backOff.setMaxInterval(5_000);
        backOff.setMaxAttempts(ATTEMPTS_MAX - 1);
        return backOff;
    }

    private static boolean isDatabaseAway(Throwable exception) {
        for (Throwable cause = exception; cause != null; cause = cause.getCause()) {
            if (cause instanceof DataAccessResourceFailureException
                    || cause instanceof TransientDataAccessException
                    || cause instanceof CannotCreateTransactionException) {
                return true;
            }
        }
        return false;
    }
}
