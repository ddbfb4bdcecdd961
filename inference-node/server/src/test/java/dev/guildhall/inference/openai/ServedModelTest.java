package dev.guildhall.inference.openai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.guildhall.engine.generation.LanguageModel;
import dev.guildhall.engine.generation.LoadOptions;
import dev.guildhall.inference.problem.ApiException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.springframework.boot.health.contributor.Status;

class ServedModelTest {

    private static final Path MODEL = Path.of("../engine/src/test/resources/golden/qwen2-tied-f32.gguf");

    @Test
    void saysThatItIsLoadingUntilItIsReady() {
        CountDownLatch gate = new CountDownLatch(1);
        ServedModel served = new ServedModel(
                "tiny",
                () -> {
                    gate.await();
                    return LanguageModel.load(MODEL, LoadOptions.defaults());
                },
                0);
        served.loadInBackground();

        assertThat(served.health().getStatus()).isEqualTo(Status.OUT_OF_SERVICE);
        assertThatThrownBy(served::require)
                .isInstanceOf(ApiException.class)
                .hasMessageContaining("tiny is being loaded");
        gate.countDown();
        await().until(() -> served.health().getStatus().equals(Status.UP));
        assertThat(served.health().getDetails()).containsEntry("contextTokens", 128);
        served.destroy();
    }

    @Test
    void saysWhyItFailed() {
        ServedModel served = new ServedModel(
                "tiny",
                () -> {
                    throw new IOException("its SHA-256 is wrong");
                },
                0);
        served.loadInBackground();

        await().until(() -> served.health().getStatus().equals(Status.DOWN));
        assertThat(served.health().getDetails()).containsEntry("reason", "its SHA-256 is wrong");
        assertThatThrownBy(served::require).hasMessage("tiny cannot be served: its SHA-256 is wrong");
    }

    @Test
    void isNamedByTheCatalogueOrTheFile() {
        assertThat(OpenAiConfiguration.servedName("qwen2.5-coder-1.5b")).isEqualTo("qwen2.5-coder-1.5b");
        assertThat(OpenAiConfiguration.servedName("/models/own-model.gguf")).isEqualTo("own-model");
    }
}
