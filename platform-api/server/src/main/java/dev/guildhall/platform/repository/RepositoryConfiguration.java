package dev.guildhall.platform.repository;

import dev.guildhall.platform.access.AuditLog;
import dev.guildhall.platform.messaging.EventPublisher;
import java.security.SecureRandom;
import java.time.Clock;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionTemplate;
import tools.jackson.databind.json.JsonMapper;

/** Wires repositories. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(RepositorySettings.class)
class RepositoryConfiguration {

    @Bean
    Repositories repositories(JdbcClient jdbc, JsonMapper json, RepositorySettings settings) {
        return new Repositories(jdbc, json, new SecretBox(settings.secretKey(), new SecureRandom()));
    }

    @Bean
    RepositoryRegistration repositoryRegistration(
            Repositories repositories,
            EventPublisher events,
            AuditLog audit,
            TransactionTemplate transactions,
            Clock clock,
            RepositorySettings settings) {
        return new RepositoryRegistration(
                repositories, events, audit, transactions, new SecureRandom(), clock, settings.localRootPaths());
    }
}
