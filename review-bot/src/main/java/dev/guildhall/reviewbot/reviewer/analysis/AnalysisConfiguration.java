package dev.guildhall.reviewbot.reviewer.analysis;

import dev.guildhall.reviewbot.reviewer.Reviewer;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(AnalysisSettings.class)
class AnalysisConfiguration {

    @Bean
    Reviewer pmdReviewer(AnalysisSettings settings) {
        return new PmdReviewer(settings.fileTimeMax());
    }

    @Bean
    Reviewer linePatternReviewer() {
        return new LinePatternReviewer();
    }
}
