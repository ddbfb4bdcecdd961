package dev.guildhall.indexer.indexing;

import dev.guildhall.contract.Topics;
import dev.guildhall.indexer.chunk.Chunker;
import dev.guildhall.indexer.embed.Embedder;
import dev.guildhall.indexer.source.Mirrors;
import dev.guildhall.indexer.store.CodeIndex;
import java.sql.SQLException;
import java.time.Clock;
import javax.sql.DataSource;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.TopicPartition;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.NestedExceptionUtils;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.kafka.config.TopicBuilder;
import org.springframework.kafka.core.KafkaTemplate;
import org.springframework.kafka.listener.DeadLetterPublishingRecoverer;
import org.springframework.kafka.listener.DefaultErrorHandler;
import org.springframework.util.backoff.ExponentialBackOff;
import tools.jackson.databind.json.JsonMapper;

@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(IndexingSettings.class)
class IndexingConfiguration {

    private static final long RETRY_MILLIS_FIRST = 500;
    private static final long RETRY_MILLIS_MAX = 30_000;
    private static final int ATTEMPTS_MAX = 5;

    @Bean
    NewTopic indexProgressTopic() {
        return TopicBuilder.name(Topics.INDEX_PROGRESS)
                .partitions(Topics.PARTITIONS)
                .build();
    }

    @Bean
    NewTopic pushDeadLetterTopic() {
        return TopicBuilder.name(Topics.deadLetter(Topics.PUSH))
                .partitions(Topics.PARTITIONS)
                .build();
    }

    @Bean
    WorkQueue workQueue(DataSource dataSource, JdbcClient jdbc) {
        return new WorkQueue(dataSource, jdbc);
    }

    @Bean
    IndexWorkers indexWorkers(
            WorkQueue queue,
            Mirrors mirrors,
            Chunker chunker,
            Embedder embedder,
            CodeIndex index,
            KafkaTemplate<String, byte[]> kafka,
            JsonMapper json,
            IndexingSettings settings) {
        IndexRun.Tools tools = new IndexRun.Tools(
                mirrors,
                chunker,
                embedder,
                index,
                new KafkaReports(kafka, json),
                settings.progressInterval(),
                Clock.systemUTC());
        return new IndexWorkers(queue, tools, settings);
    }

    @Bean
    ForgeEvents forgeEvents(JsonMapper json, CodeIndex index, Mirrors mirrors, WorkQueue queue, IndexWorkers workers) {
        return new ForgeEvents(json, index, mirrors, queue, workers);
    }

    /** What cannot be read goes to the dead letters at once; while the database is away, messages wait. */
    @Bean
    DefaultErrorHandler forgeEventErrors(KafkaTemplate<String, byte[]> kafka) {
        DeadLetterPublishingRecoverer deadLetters = new DeadLetterPublishingRecoverer(
                kafka, (message, _) -> new TopicPartition(Topics.deadLetter(message.topic()), message.partition()));
        ExponentialBackOff unlimited = new ExponentialBackOff(RETRY_MILLIS_FIRST, 2);
        unlimited.setMaxInterval(RETRY_MILLIS_MAX);
        ExponentialBackOff bounded = new ExponentialBackOff(RETRY_MILLIS_FIRST, 2);
        bounded.setMaxAttempts(ATTEMPTS_MAX);
        DefaultErrorHandler errors = new DefaultErrorHandler(deadLetters, bounded);
        errors.addNotRetryableExceptions(MalformedEventException.class);
        errors.setBackOffFunction(
                (_, failure) -> NestedExceptionUtils.getMostSpecificCause(failure) instanceof SQLException
                                || failure.getCause() instanceof DataAccessException
                        ? unlimited
                        : null);
        return errors;
    }
}
