package dev.guildhall.engine.generation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.guildhall.engine.conversion.Quantization;
import dev.guildhall.engine.format.ModelFormatException;
import dev.guildhall.engine.tensor.TensorType;
import dev.guildhall.engine.tokenizer.ChatMessage;
import dev.guildhall.engine.tokenizer.Conversation;
import dev.guildhall.engine.tokenizer.ModelText;
import dev.guildhall.engine.tokenizer.TextGoldens;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HubDirectoryTest {

    private static final Path MODEL = Path.of("src/test/resources/golden/qwen3moe-bf16-hub");

    @TempDir
    private Path directory;

    @BeforeEach
    void copyModel() throws IOException {
        try (Stream<Path> files = Files.list(MODEL)) {
            for (Path file : files.toList()) {
                Files.copy(file, directory.resolve(file.getFileName()));
            }
        }
    }

    @Test
    void answersFromADirectory() throws Exception {
        Files.writeString(directory.resolve("tokenizer.json"), TextGoldens.hubTokenizer(320));
        Files.writeString(
                directory.resolve("tokenizer_config.json"),
                "{\"chat_template\": \"{% for m in messages %}{{ m.role }}: {{ m.content }}\\n{% endfor %}\"}");
        try (LanguageModel model = LanguageModel.load(directory, LoadOptions.defaults())) {
            int[] prompt = model.chatTemplate()
                    .orElseThrow()
                    .encode(Conversation.of(List.of(ChatMessage.user("Hi"))))
                    .tokens();
            assertThat(model.tokenizer().decode(prompt)).isEqualTo("user: Hi\n");
            GenerationResult result =
                    model.generate(GenerationRequest.of(prompt).withAnswerTokensMax(3), GenerationListener.NONE);
            assertThat(result.tokens()).hasSizeBetween(1, 3);
            assertThat(model.tokenizer().endOfGeneration()).containsExactly(319);
        }
    }

    @Test
    void aFileMadeOfADirectoryReadsAndWritesTheSameText() throws Exception {
        Files.writeString(directory.resolve("tokenizer.json"), TextGoldens.hubTokenizer(320));
        Files.writeString(
                directory.resolve("tokenizer_config.json"),
                "{\"eos_token\": \"<|im_end|>\", \"chat_template\": \"{% for m in messages %}{{ m.content }}<|im_end|>{% endfor %}\"}");
        Path file = directory.resolve("model.gguf");
        Quantization.write(directory, TensorType.F16, file, (_, _) -> {});

        ModelText before = ModelText.load(directory);
        ModelText after = ModelText.load(file);
        String text = "for (int i = 0; i < 10; i++) { sum += é漢 <|im_end|>; }";
        assertThat(after.tokenizer().encode(text)).isEqualTo(before.tokenizer().encode(text));
        assertThat(after.tokenizer().encodeWithControlTokens(text))
                .isEqualTo(before.tokenizer().encodeWithControlTokens(text));
        assertThat(after.tokenizer().reserved()).isEqualTo(before.tokenizer().reserved());
        assertThat(after.tokenizer().endOfGeneration())
                .isEqualTo(before.tokenizer().endOfGeneration());
        assertThat(after.tokenizer().textStart()).isEqualTo(before.tokenizer().textStart());
        Conversation conversation = Conversation.of(List.of(ChatMessage.user("Hi")));
        assertThat(after.chatTemplate().orElseThrow().encode(conversation).tokens())
                .isEqualTo(
                        before.chatTemplate().orElseThrow().encode(conversation).tokens());
    }

    @Test
    void refusesAVocabularyOfAnotherModel() throws IOException {
        Files.writeString(directory.resolve("tokenizer.json"), TextGoldens.hubTokenizer(325));
        assertThatThrownBy(() -> LanguageModel.load(directory, LoadOptions.defaults()))
                .isInstanceOf(ModelFormatException.class)
                .hasMessageContaining("the vocabulary has 325 tokens, the output matrix only 320 rows");
    }

    @Test
    void refusesADirectoryWithoutAVocabulary() {
        assertThatThrownBy(() -> LanguageModel.load(directory, LoadOptions.defaults()))
                .isInstanceOf(ModelFormatException.class)
                .hasMessageContaining("tokenizer.json: it is missing");
    }
}
