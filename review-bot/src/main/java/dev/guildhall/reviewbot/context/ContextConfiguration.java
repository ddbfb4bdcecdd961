package dev.guildhall.reviewbot.context;

import dev.guildhall.contract.search.CodeSearch;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.web.service.registry.ImportHttpServices;

@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(ContextSettings.class)
@ImportHttpServices(group = "repo-indexer", types = CodeSearch.class)
class ContextConfiguration {

    @Bean
    ContextFinder contextFinder(CodeSearch search, ContextSettings settings) {
        return new ContextFinder(search, settings.chunksMax(), settings.symbolsMax(), settings.snippetsMax());
    }
}
