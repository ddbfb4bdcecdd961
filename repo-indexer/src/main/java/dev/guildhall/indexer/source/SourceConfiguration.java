package dev.guildhall.indexer.source;

import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(SourceSettings.class)
class SourceConfiguration {

    @Bean
    Mirrors mirrors(SourceSettings settings) {
        return new Mirrors(settings);
    }
}
