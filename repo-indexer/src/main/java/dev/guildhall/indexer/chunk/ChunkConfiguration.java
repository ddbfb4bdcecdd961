package dev.guildhall.indexer.chunk;

import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(ChunkSettings.class)
class ChunkConfiguration {

    @Bean
    Chunker chunker(ChunkSettings settings) {
        return new Chunker(settings);
    }
}
