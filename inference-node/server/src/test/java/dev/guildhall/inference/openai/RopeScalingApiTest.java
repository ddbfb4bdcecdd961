package dev.guildhall.inference.openai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalServerPort;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Requests longer than the 128 tokens that the model was trained for, by YaRN. Prompts are tokens, to have their number. */
@SpringBootTest(
        webEnvironment = WebEnvironment.RANDOM_PORT,
        properties = {
            // SHA-256 of "a-key"
            "guildhall.inference.api-key-sha256=2a8a1240f50636655520ac8ed22aa29473b8517b4abfdbc3bc03bcad73fc8849",
            "guildhall.inference.model=../engine/src/test/resources/golden/qwen2-tied-f32.gguf",
            "guildhall.engine.rope-factors=2,4",
            "guildhall.embedding.native-directory=target/native",
            "guildhall.models.directory=target/models"
        })
class RopeScalingApiTest {

    private static final JsonMapper JSON = JsonMapper.shared();

    private final HttpClient client = HttpClient.newHttpClient();

    @LocalServerPort
    private int port;

    @BeforeEach
    void awaitModel() {
        await().until(() -> get("/v1/models").statusCode() == 200);
    }

    @Test
    void tellsTheLongestContext() throws Exception {
        assertThat(JSON.readTree(get("/v1/models").body())
                        .at("/data/0/max_model_len")
                        .intValue())
                .isEqualTo(512);
    }

    @Test
    void stretchesAsFarAsARequestNeeds() throws Exception {
        JsonNode answer = JSON.readTree(complete(300, 1, "").body());
        assertThat(answer.at("/usage/prompt_tokens").intValue()).isEqualTo(300);
        assertThat(answer.at("/usage/completion_tokens").intValue()).isEqualTo(4);

        HttpResponse<String> tooLong = complete(509, 2, "");
        assertThat(tooLong.statusCode()).isEqualTo(400);
        assertThat(JSON.readTree(tooLong.body()).at("/error/message").stringValue())
                .contains("509", "4", "512");
    }

    @Test
    void refusesWhatDoesNotFitTheFactorThatItNames() throws Exception {
        assertThat(complete(252, 3, ",\"rope_scaling\":{\"type\":\"yarn\",\"factor\":2}")
                        .statusCode())
                .isEqualTo(200);
        HttpResponse<String> tooLong = complete(253, 3, ",\"rope_scaling\":{\"type\":\"yarn\",\"factor\":2}");
        assertThat(tooLong.statusCode()).isEqualTo(400);
        assertThat(JSON.readTree(tooLong.body()).at("/error/message").stringValue())
                .contains("253", "256");
    }

    @Test
    void keepsWhatItComputedUnderEachFactorApart() throws Exception {
        String two = ",\"rope_scaling\":{\"type\":\"yarn\",\"factor\":2}";
        String four = ",\"rope_scaling\":{\"type\":\"yarn\",\"factor\":4}";
        assertThat(cachedTokens(complete(100, 4, two))).isZero();
        assertThat(cachedTokens(complete(100, 4, two))).isGreaterThanOrEqualTo(64);
        assertThat(cachedTokens(complete(100, 4, four))).isZero();
        assertThat(cachedTokens(complete(100, 4, ""))).isZero();
    }

    private static int cachedTokens(HttpResponse<String> response) {
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        return JSON.readTree(response.body())
                .at("/usage/prompt_tokens_details/cached_tokens")
                .intValue();
    }

    /** Four tokens to a prompt of so many that no other seed begins with. */
    private HttpResponse<String> complete(int promptTokens, int seed, String fields) throws Exception {
        String prompt = IntStream.range(0, promptTokens)
                .mapToObj(i -> Integer.toString((seed * 31 + i * 7) % 256))
                .collect(Collectors.joining(",", "[", "]"));
        String body = "{\"prompt\":%s,\"max_tokens\":4,\"temperature\":0,\"logit_bias\":{\"317\":-100,\"319\":-100}%s}"
                .formatted(prompt, fields);
        return client.send(
                request("/v1/completions").POST(BodyPublishers.ofString(body)).build(), BodyHandlers.ofString());
    }

    private HttpResponse<String> get(String path) throws IOException, InterruptedException {
        return client.send(request(path).build(), BodyHandlers.ofString());
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:%d%s".formatted(port, path)))
                .header("Authorization", "Bearer a-key")
                .header("Content-Type", "application/json");
    }
}
