package dev.guildhall.platform.part;

import dev.guildhall.contract.review.ReviewFiles;
import dev.guildhall.contract.search.CodeSearch;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.client.ClientHttpRequestInterceptor;
import org.springframework.web.client.support.RestClientHttpServiceGroupConfigurer;
import org.springframework.web.service.registry.ImportHttpServices;

/** Wires the calls to the other services: each carries this service's token. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(PartSettings.class)
@ImportHttpServices(group = Parts.INDEXER, types = CodeSearch.class)
@ImportHttpServices(group = Parts.REVIEW_BOT, types = ReviewFiles.class)
class PartConfiguration {

    @Bean
    RestClientHttpServiceGroupConfigurer serviceTokens(ClientHttpRequestInterceptor serviceToken) {
        return groups -> groups.forEachClient((_, client) -> client.requestInterceptor(serviceToken));
    }
}
