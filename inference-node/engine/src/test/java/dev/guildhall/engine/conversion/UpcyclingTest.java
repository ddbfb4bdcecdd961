package dev.guildhall.engine.conversion;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.guildhall.engine.conversion.Upcycling.Mixture;
import dev.guildhall.engine.format.GgufFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class UpcyclingTest {

    @TempDir
    private Path directory;

    private Path upcycled(String golden, int experts, int perToken) throws IOException {
        Path out = directory.resolve(golden);
        Upcycling.write(Answers.GOLDEN.resolve(golden), new Mixture(experts, perToken), 7, out, (_, _) -> {});
        return out;
    }

    @ParameterizedTest
    @CsvSource({
        "qwen2-tied-f32.gguf, 4, 2",
        "qwen2-untied-f16.gguf, 3, 3",
        "qwen2-tied-q4.gguf, 8, 1",
        "qwen2-tied-k.gguf, 4, 2",
        "qwen3-tied-q8.gguf, 5, 3"
    })
    void answersAsTheDenseModelDoes(String golden, int experts, int perToken) throws IOException {
        Path mixture = upcycled(golden, experts, perToken);
        assertThat(Answers.difference(Answers.GOLDEN.resolve(golden), mixture)).isLessThan(1e-4);
        try (GgufFile file = GgufFile.open(mixture)) {
            String architecture = Objects.toString(file.metadata().get("general.architecture"));
            assertThat(architecture).endsWith("moe");
            assertThat(file.metadata())
                    .containsEntry(architecture + ".expert_count", (long) experts)
                    .containsEntry(architecture + ".expert_used_count", (long) perToken);
            assertThat(file.tensor("blk.1.ffn_gate.weight")).isEmpty();
        }
    }

    @Test
    void refusesWhatIsNoDenseQwen() {
        assertThatThrownBy(() -> upcycled("llama-tied-f32.gguf", 4, 2))
                .hasMessageEndingWith("llama-tied-f32.gguf is a llama model; a mixture can be made of qwen2 and qwen3");
        assertThatThrownBy(() -> upcycled("qwen3moe-untied-q4.gguf", 4, 2)).hasMessageContaining("is a qwen3moe model");
        assertThatThrownBy(() -> upcycled("qwen2-tied-f32.gguf", 4, 5))
                .hasMessage("5 of 4 experts for each token are not possible; experts are 1 to 1024");
    }
}
