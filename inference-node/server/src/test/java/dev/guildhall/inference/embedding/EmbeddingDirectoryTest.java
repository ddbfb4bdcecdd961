package dev.guildhall.inference.embedding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.test.context.ConfigDataApplicationContextInitializer;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.http.MediaType;
import org.springframework.test.web.servlet.assertj.MockMvcTester;
import org.springframework.test.web.servlet.assertj.MvcTestResult;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A directory of the hub as the embedding model, from the variable that names it to the vectors. */
class EmbeddingDirectoryTest {

    private static final Path MODEL = Path.of("../engine/src/test/resources/golden/llama3-tied-f32-hub");

    private final ApplicationContextRunner node = new ApplicationContextRunner()
            .withInitializer(new ConfigDataApplicationContextInitializer())
            .withUserConfiguration(Embeddings.class);

    @Configuration(proxyBeanMethods = false)
    @EnableConfigurationProperties(EmbeddingSettings.class)
    @Import({EmbeddingController.class, TextEmbeddings.class, SimpleMeterRegistry.class})
    static class Embeddings {}

    @Test
    void isServedUnderItsName() {
        node.withPropertyValues("GUILDHALL_EMBEDDING_MODEL=" + MODEL).run(context -> {
            MockMvcTester api = MockMvcTester.of(context.getBean(EmbeddingController.class));

            JsonNode answer = embed(api, """
                    {"model": "llama3-tied-f32-hub", "input": ["return the value", "the total"]}""");
            assertThat(answer.get("model").asString()).isEqualTo("llama3-tied-f32-hub");
            assertThat(answer.at("/data/0/embedding")).hasSize(32).isNotEqualTo(answer.at("/data/1/embedding"));
            assertThat(squares(answer.at("/data/0/embedding"))).isCloseTo(1, within(1e-6));
            assertThat(answer.at("/usage/prompt_tokens").asInt()).isPositive();

            JsonNode shorter = embed(api, """
                    {"input": "return the value", "dimensions": 24}""");
            assertThat(shorter.at("/data/0/embedding")).hasSize(24);
        });
    }

    @Test
    void isNamedByItsLastPartHoweverItsPathEnds() {
        for (String ending : List.of("", "/", "/.", "/../llama3-tied-f32-hub")) {
            node.withPropertyValues("GUILDHALL_EMBEDDING_MODEL=" + MODEL + ending)
                    .run(context -> assertThat(
                                    context.getBean(TextEmbeddings.class).modelName())
                            .isEqualTo("llama3-tied-f32-hub"));
        }
    }

    @Test
    void isRefusedAtTheStartWhereItHoldsNoModel(@TempDir Path empty) {
        for (Path path : List.of(empty, empty.resolve("nowhere"))) {
            node.withPropertyValues("GUILDHALL_EMBEDDING_MODEL=" + path)
                    .run(context -> assertThat(context)
                            .getFailure()
                            .rootCause()
                            .hasMessageContaining("is the path of a file or directory that is not there"));
        }
    }

    private static JsonNode embed(MockMvcTester api, String request) {
        MvcTestResult answer = api.post()
                .uri("/v1/embeddings")
                .contentType(MediaType.APPLICATION_JSON)
                .content(request)
                .exchange();
        assertThat(answer).hasStatusOk();
        return JsonMapper.shared().readTree(answer.getResponse().getContentAsByteArray());
    }

    private static double squares(JsonNode vector) {
        return vector.valueStream()
                .mapToDouble(x -> x.asDouble() * x.asDouble())
                .sum();
    }
}
