package dev.guildhall.engine.generation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.guildhall.engine.tokenizer.ChatMessage;
import dev.guildhall.engine.tokenizer.ChatTemplate;
import dev.guildhall.engine.tokenizer.Conversation;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Qwen2.5-Coder-0.5B-Instruct itself, at the path that GUILDHALL_TEST_MODEL names. */
class RealModelIT {

    private static LanguageModel model;

    @BeforeAll
    static void load() throws IOException {
        String path = System.getenv("GUILDHALL_TEST_MODEL");
        assertThat(path)
                .as("GUILDHALL_TEST_MODEL must name qwen2.5-coder-0.5b-instruct-q4_k_m.gguf")
                .isNotBlank();
        model = LanguageModel.load(Path.of(path), LoadOptions.defaults().withContextTokens(4_096));
    }

    @AfterAll
    static void close() {
        if (model != null) {
            model.close();
        }
    }

    private static GenerationRequest chat(String system, String user) {
        ChatTemplate template = model.chatTemplate().orElseThrow();
        return GenerationRequest.of(
                template.encode(Conversation.of(List.of(ChatMessage.system(system), ChatMessage.user(user))))
                        .tokens());
    }

    @Test
    void encodesAsTheReferenceDoes() {
        // Made with the tokenizers library over the vocabulary of the file.
        assertThat(model.tokenizer().encode("public static void main(String[] args) {\n    int x = 12345;\n}\n"))
                .containsExactly(
                        888, 1099, 737, 1887, 2242, 1294, 2827, 8, 341, 262, 526, 856, 284, 220, 16, 17, 18, 19, 20,
                        280, 532);
        assertThat(model.tokenizer().reserved()).containsEntry("<|im_end|>", 151645);
        assertThat(model.tokenizer().endOfGeneration()).containsExactlyInAnyOrder(151643, 151645);
    }

    @Test
    void answersSensibly() throws InterruptedException {
        List<String> pieces = new ArrayList<>();
        GenerationResult result = model.generate(
                chat("You answer in one word.", "What is the capital of France?")
                        .withAnswerTokensMax(20),
                pieces::add);

        assertThat(result.text()).contains("Paris");
        assertThat(String.join("", pieces)).isEqualTo(result.text());
        assertThat(result.finishReason()).isEqualTo(FinishReason.STOP);
    }

    @Test
    void keepsToASchemaAtAnyTemperature() throws InterruptedException {
        String schema = """
                {"type": "object", "additionalProperties": false, "required": ["findings"], "properties": {"findings":
                  {"type": "array", "minItems": 1, "maxItems": 2, "items": {"type": "object", "additionalProperties": false,
                    "required": ["severity", "startLine", "title"], "properties": {
                      "severity": {"type": "string", "enum": ["high", "medium", "low"]},
                      "startLine": {"type": "integer", "minimum": 1, "maximum": 12},
                      "title": {"type": "string", "minLength": 1, "maxLength": 80}}}}}}
                """;
        for (double temperature : new double[] {0, 2}) {
            GenerationResult result = model.generate(
                    chat(
                                    "You review code.",
                                    "String q = \"SELECT * FROM t WHERE id = '\" + id + \"'\"; Find the mistake.")
                            .withAnswerTokensMax(400)
                            .withSampling(new SamplingOptions(temperature, 0, 1, 0, 1, 9))
                            .withConstraint(model.jsonSchema(schema)),
                    GenerationListener.NONE);

            assertThat(result.finishReason()).isEqualTo(FinishReason.STOP);
            for (JsonNode finding : JsonMapper.shared().readTree(result.text()).get("findings")) {
                assertThat(finding.get("severity").stringValue()).isIn("high", "medium", "low");
                assertThat(finding.get("startLine").intValue()).isBetween(1, 12);
                assertThat(finding.get("title").stringValue().codePoints().count())
                        .isBetween(1L, 80L);
            }
        }
    }
}
