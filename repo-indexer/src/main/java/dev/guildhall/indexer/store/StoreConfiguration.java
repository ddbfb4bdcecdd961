package dev.guildhall.indexer.store;

import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.TransactionTemplate;

@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(StoreSettings.class)
class StoreConfiguration {

    @Bean
    CodeIndex codeIndex(JdbcClient jdbc, JdbcTemplate template, PlatformTransactionManager transactionManager) {
        return new CodeIndex(jdbc, template, new TransactionTemplate(transactionManager));
    }

    @Bean
    ChunkQueries chunkQueries(JdbcClient jdbc, PlatformTransactionManager transactionManager, StoreSettings settings) {
        TransactionTemplate snapshot = new TransactionTemplate(transactionManager);
        snapshot.setIsolationLevel(TransactionDefinition.ISOLATION_REPEATABLE_READ);
        snapshot.setReadOnly(true);
        return new ChunkQueries(jdbc, snapshot, settings.searchEffort());
    }
}
