package dev.guildhall.inference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.awaitility.Awaitility.await;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import org.springframework.test.context.TestPropertySource;
import tools.jackson.databind.JsonNode;

/** The whole node over HTTP: who may call it, how it refuses, and its embeddings. */
@TestPropertySource(
        properties = {
            "guildhall.inference.request-size-max=64KB",
            "guildhall.embedding.inputs-max=3",
            "guildhall.embedding.input-characters-max=4000"
        })
class InferenceNodeTest extends ApiTest {

    private static final TestRealm REALM = new TestRealm();

    @DynamicPropertySource
    static void realm(DynamicPropertyRegistry registry) {
        registry.add("guildhall.inference.issuer", REALM::issuer);
    }

    @AfterAll
    static void stop() {
        REALM.close();
    }

    @Test
    void showsHealthAndMetricsToEverybody() {
        await().untilAsserted(() ->
                assertThat(getWithoutKey("/actuator/health").statusCode()).isEqualTo(200));
        assertThat(getWithoutKey("/actuator/health").body())
                .contains("\"status\":\"UP\"")
                .contains("\"languageModel\"");
        assertThat(getWithoutKey("/actuator/health/readiness").statusCode()).isEqualTo(200);
        assertThat(getWithoutKey("/actuator/prometheus").body()).contains("jvm_memory_used_bytes");
    }

    @Test
    void refusesACallWithoutToken() {
        HttpResponse<String> answer = getWithoutKey("/v1/embeddings");

        assertRefused(answer, 401, "token-invalid", "authentication_error");
        assertThat(answer.headers().firstValue("WWW-Authenticate")).hasValue("Bearer");
    }

    @Test
    void refusesTokensThatAreNotForThisNode() {
        Instant soon = Instant.now().plusSeconds(60);
        List<String> service = List.of("service");
        for (String token : List.of(
                "nonsense",
                REALM.token("http://127.0.0.1/realms/other", "guildhall", service, soon),
                REALM.token(REALM.issuer(), "other", service, soon),
                REALM.token(REALM.issuer(), "guildhall", service, Instant.now().minusSeconds(600)))) {
            assertRefused(embed(token, Map.of("input", "x")), 401, "token-invalid", "authentication_error");
        }
    }

    @Test
    void refusesAPersonsToken() {
        String token = REALM.token(
                REALM.issuer(), "guildhall", List.of("admin"), Instant.now().plusSeconds(60));

        assertRefused(embed(token, Map.of("input", "x")), 403, "role-missing", "permission_error");
    }

    @Test
    void takesAServicesTokenAndAnApiKey() {
        assertThat(embed(REALM.serviceToken(), Map.of("input", "x")).statusCode())
                .isEqualTo(200);
        assertThat(embed(KEY, Map.of("input", "x")).statusCode()).isEqualTo(200);
    }

    @Test
    void answersUnknownPathsInTheSameShape() {
        assertRefused(get("/v1/nothing"), 404, "not-found", "invalid_request_error");
        assertRefused(get("/v1/embeddings"), 405, "method-not-allowed", "invalid_request_error");
    }

    @Test
    void saysWhereJsonIsMalformed() {
        HttpResponse<String> answer = post("/v1/embeddings", "{\"input\":\n  oops}");

        assertRefused(answer, 400, "malformed-request", "invalid_request_error");
        assertThat(answer.body()).contains("line 2, column");
    }

    @Test
    void refusesALargeBodyWhetherItsLengthIsAnnouncedOrNot() {
        String body = "{\"input\":\"" + "x".repeat(70_000) + "\"}";

        assertRefused(post("/v1/embeddings", body), 413, "request-too-large", "invalid_request_error");
        HttpRequest unannounced = request("/v1/embeddings")
                .POST(BodyPublishers.ofInputStream(
                        () -> new ByteArrayInputStream(body.getBytes(StandardCharsets.UTF_8))))
                .build();
        assertRefused(send(unannounced), 413, "request-too-large", "invalid_request_error");
    }

    @Test
    void embedsAsTheReferenceDoes() throws IOException {
        try (InputStream golden = InferenceNodeTest.class.getResourceAsStream("/golden/embeddings.json")) {
            for (JsonNode expected : JSON.readTree(golden)) {
                JsonNode answer = json(embed(
                        KEY, Map.of("model", "bge-small-en-v1.5", "input", expected.get("text"), "truncate", true)));

                int tokens = Math.min(512, expected.get("tokens").asInt());
                assertThat(answer.at("/usage/prompt_tokens").asInt()).isEqualTo(tokens);
                assertThat(cosine(vector(answer.at("/data/0/embedding")), vector(expected.get("vector"))))
                        .describedAs(expected.get("text").asString())
                        .isCloseTo(1, within(0.002));
            }
        }
    }

    @Test
    void embedsAListInItsOrder() {
        JsonNode answer = json(embed(KEY, Map.of("input", List.of("alpha", "beta", "alpha"))));

        assertThat(answer.get("object").asString()).isEqualTo("list");
        assertThat(answer.get("model").asString()).isEqualTo("bge-small-en-v1.5");
        assertThat(answer.get("data")).hasSize(3);
        assertThat(answer.at("/data/2/index").asInt()).isEqualTo(2);
        assertThat(answer.at("/data/0/embedding")).hasSize(384).isEqualTo(answer.at("/data/2/embedding"));
        assertThat(answer.at("/data/0/embedding")).isNotEqualTo(answer.at("/data/1/embedding"));
    }

    @Test
    void sendsBase64WhereAskedTo() {
        JsonNode plain = json(embed(KEY, Map.of("input", "alpha")));
        JsonNode packed = json(embed(KEY, Map.of("input", "alpha", "encoding_format", "base64")));

        ByteBuffer bytes = ByteBuffer.wrap(Base64.getDecoder()
                        .decode(packed.at("/data/0/embedding").asString()))
                .order(ByteOrder.LITTLE_ENDIAN);
        float[] vector = new float[384];
        bytes.asFloatBuffer().get(vector);
        assertThat(cosine(vector, vector(plain.at("/data/0/embedding")))).isCloseTo(1, within(1e-6));
    }

    @Test
    void refusesWhatItCannotEmbed() {
        assertEmbeddingRefused(Map.of(), "input-unsupported", "list of texts");
        assertEmbeddingRefused(Map.of("input", List.of(1, 2)), "input-unsupported", "token ids");
        assertEmbeddingRefused(Map.of("input", List.of()), "input-unsupported", "list of texts");
        assertEmbeddingRefused(Map.of("input", List.of("a", "")), "input-empty", "input 1 is empty");
        assertEmbeddingRefused(
                Map.of("input", List.of("a", "b", "c", "d")), "too-many-inputs", "4 inputs are more than 3");
        assertEmbeddingRefused(Map.of("input", "x".repeat(4_001)), "input-too-long", "4001 characters, more than 4000");
        assertEmbeddingRefused(
                Map.of("input", "word ".repeat(600)), "input-too-long", "602 tokens, and bge-small-en-v1.5 reads 512");
        assertEmbeddingRefused(
                Map.of("input", "x", "encoding_format", "int8"), "encoding-unsupported", "float or base64");
        assertEmbeddingRefused(Map.of("input", "x", "dimensions", 128), "dimensions-unsupported", "384");
        assertRefused(
                embed(KEY, Map.of("input", "x", "model", "text-embedding-3-large")),
                404,
                "model-not-found",
                "invalid_request_error");
    }

    private void assertEmbeddingRefused(Map<String, Object> request, String code, String message) {
        HttpResponse<String> answer = embed(KEY, request);
        assertRefused(answer, 400, code, "invalid_request_error");
        assertThat(answer.body()).contains(message);
    }

    private static void assertRefused(HttpResponse<String> answer, int status, String code, String type) {
        assertThat(answer.statusCode()).describedAs(answer.body()).isEqualTo(status);
        JsonNode error = JSON.readTree(answer.body()).get("error");
        assertThat(error.get("code").asString()).isEqualTo(code);
        assertThat(error.get("type").asString()).isEqualTo(type);
        assertThat(error.get("message").asString()).isNotBlank();
    }

    private static JsonNode json(HttpResponse<String> answer) {
        assertThat(answer.statusCode()).describedAs(answer.body()).isEqualTo(200);
        return JSON.readTree(answer.body());
    }

    private static float[] vector(JsonNode numbers) {
        List<Float> values = new ArrayList<>();
        numbers.forEach(number -> values.add(number.floatValue()));
        float[] vector = new float[values.size()];
        for (int i = 0; i < vector.length; i++) {
            vector[i] = values.get(i);
        }
        return vector;
    }

    /** Of vectors of length 1. */
    private static double cosine(float[] first, float[] second) {
        double sum = 0;
        for (int i = 0; i < first.length; i++) {
            sum += (double) first[i] * second[i];
        }
        return sum;
    }

    private HttpResponse<String> getWithoutKey(String path) {
        return send(request(path, null).build());
    }

    private HttpResponse<String> embed(String token, Map<String, Object> request) {
        return send(request("/v1/embeddings", token)
                .POST(BodyPublishers.ofString(JSON.writeValueAsString(request)))
                .build());
    }
}
