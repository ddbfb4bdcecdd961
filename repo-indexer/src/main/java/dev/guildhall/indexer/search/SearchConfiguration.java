package dev.guildhall.indexer.search;

import dev.guildhall.indexer.embed.Embedder;
import dev.guildhall.indexer.store.ChunkQueries;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(SearchSettings.class)
class SearchConfiguration {

    @Bean
    Search search(ChunkQueries queries, Embedder embedder, SearchSettings settings) {
        return new Search(queries, embedder, settings);
    }

    @Bean
    ReviewContext reviewContext(ChunkQueries queries, Embedder embedder, SearchSettings settings) {
        return new ReviewContext(queries, embedder, settings);
    }
}
