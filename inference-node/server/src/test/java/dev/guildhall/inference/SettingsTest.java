package dev.guildhall.inference;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Configuration;
import org.springframework.util.unit.DataSize;

class SettingsTest {

    private static final String KEY = "guildhall.inference.api-key-sha256=" + "ab".repeat(32);

    private final ApplicationContextRunner node = new ApplicationContextRunner().withUserConfiguration(Settings.class);

    @Configuration(proxyBeanMethods = false)
    @EnableConfigurationProperties(InferenceSettings.class)
    static class Settings {}

    @Test
    void hasDefaults() {
        node.withPropertyValues(KEY)
                .run(context -> assertThat(context.getBean(InferenceSettings.class))
                        .isEqualTo(new InferenceSettings(
                                "", List.of("ab".repeat(32)), DataSize.ofMegabytes(8), "qwen2.5-coder-1.5b", 16_384)));
    }

    @Test
    void mapsEveryKey() {
        node.withPropertyValues(
                        "guildhall.inference.issuer=https://login.example/realms/guildhall",
                        "guildhall.inference.api-key-sha256=",
                        "guildhall.inference.request-size-max=1MB",
                        "guildhall.inference.model=/models/own.gguf",
                        "guildhall.inference.context-tokens=4096")
                .run(context -> assertThat(context.getBean(InferenceSettings.class))
                        .isEqualTo(new InferenceSettings(
                                "https://login.example/realms/guildhall",
                                List.of(),
                                DataSize.ofMegabytes(1),
                                "/models/own.gguf",
                                4_096)));
    }

    @Test
    void refusesANodeThatNobodyCouldCall() {
        assertRefused("nobody could call this node: set guildhall.inference.issuer");
    }

    @Test
    void refusesUnknownAndWrongValues() {
        assertRefused("modell", KEY, "guildhall.inference.modell=x");
        assertRefused("is not 64 hexadecimal digits", "guildhall.inference.api-key-sha256=secret");
        assertRefused("is not an http or https address", "guildhall.inference.issuer=login");
        assertRefused("request-size-max is not between", KEY, "guildhall.inference.request-size-max=1GB");
        assertRefused("contextTokens", KEY, "guildhall.inference.context-tokens=1");
    }

    private void assertRefused(String reason, String... properties) {
        node.withPropertyValues(properties)
                .run(context -> assertThat(context).getFailure().rootCause().hasMessageContaining(reason));
    }
}
