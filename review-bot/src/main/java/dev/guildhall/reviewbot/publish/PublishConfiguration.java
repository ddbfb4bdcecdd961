package dev.guildhall.reviewbot.publish;

import dev.guildhall.contract.Topics;
import java.time.Clock;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.kafka.config.TopicBuilder;
import org.springframework.kafka.core.KafkaAdmin;
import org.springframework.kafka.core.KafkaTemplate;
import org.springframework.transaction.support.TransactionTemplate;
import tools.jackson.databind.json.JsonMapper;

@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(PublishSettings.class)
class PublishConfiguration {

    @Bean
    Outbox outbox(JdbcClient database, JsonMapper json) {
        return new Outbox(database, json);
    }

    @Bean
    OutboxRelay outboxRelay(
            Outbox outbox,
            KafkaTemplate<String, String> kafka,
            TransactionTemplate transactions,
            Clock clock,
            PublishSettings settings) {
        return new OutboxRelay(outbox, kafka, transactions, clock, settings);
    }

    @Bean
    Patches patches(JdbcClient database, TransactionTemplate transactions, PublishSettings settings) {
        return new Patches(database, transactions, settings.patchSizeMax());
    }

    @Bean
    KafkaAdmin.NewTopics writtenTopics(@Value("${guildhall.kafka.replicas}") int replicas) {
        return new KafkaAdmin.NewTopics(
                TopicBuilder.name(Topics.REVIEW_PROGRESS)
                        .partitions(Topics.PARTITIONS)
                        .replicas(replicas)
                        .build(),
                TopicBuilder.name(Topics.REVIEW_COMPLETED)
                        .partitions(Topics.PARTITIONS)
                        .replicas(replicas)
                        .build(),
                TopicBuilder.name(Topics.deadLetter(Topics.PULL_REQUEST))
                        .partitions(Topics.PARTITIONS)
                        .replicas(replicas)
                        .build());
    }
}
