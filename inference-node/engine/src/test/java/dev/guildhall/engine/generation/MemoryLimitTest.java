package dev.guildhall.engine.generation;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.guildhall.engine.model.MemoryLimitException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class MemoryLimitTest {

    @Test
    void aContextThatCannotFitIsRefusedBeforeTheModelIsLoaded() {
        Path model = Path.of("src/test/resources/golden/qwen3-tied-q8.gguf");
        assertThatThrownBy(() ->
                        LanguageModel.load(model, LoadOptions.defaults().withContextTokens(1 << 26)))
                .isInstanceOf(MemoryLimitException.class)
                .hasMessageContaining("for a context of 67,108,864 tokens");
    }
}
