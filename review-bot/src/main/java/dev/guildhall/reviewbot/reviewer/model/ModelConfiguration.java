package dev.guildhall.reviewbot.reviewer.model;

import dev.guildhall.reviewbot.reviewer.Reviewer;
import dev.guildhall.reviewbot.reviewer.SecondCheck;
import org.springframework.ai.chat.model.ChatModel;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(ModelSettings.class)
class ModelConfiguration {

    @Bean
    ModelClient modelClient(ChatModel chat, ModelSettings settings) {
        return new ModelClient(chat, settings.name(), settings.patience());
    }

    @Bean
    Prompts prompts(ModelSettings settings) {
        return new Prompts(settings.promptTokensMax(), settings.contextTokensMax());
    }

    @Bean
    Reviewer modelReviewer(ModelClient client, Prompts prompts, ModelSettings settings) {
        return new ModelReviewer(client, prompts, settings);
    }

    @Bean
    SecondCheck secondCheck(ModelClient client, Prompts prompts, ModelSettings settings) {
        return new ModelSecondCheck(client, prompts, settings.secondChecksMax());
    }
}
