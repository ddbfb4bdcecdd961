package dev.guildhall.indexer.embed;

import dev.guildhall.indexer.access.ServiceToken;
import org.springframework.ai.embedding.EmbeddingModel;
import org.springframework.ai.openai.http.okhttp.OpenAiHttpClientBuilderCustomizer;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(EmbedSettings.class)
class EmbedConfiguration {

    /** Every request carries the token of its moment: the client itself would keep the first one for ever. */
    @Bean
    OpenAiHttpClientBuilderCustomizer bearerToken(ServiceToken token) {
        return http -> http.interceptor(chain -> chain.proceed(chain.request()
                .newBuilder()
                .header("Authorization", "Bearer " + token.value())
                .build()));
    }

    @Bean
    Embedder embedder(EmbeddingModel model, EmbedSettings settings) {
        return new Embedder(model, settings);
    }
}
