package dev.guildhall.inference;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import tools.jackson.databind.json.JsonMapper;

/** The tokens that the real Keycloak gives to services open this node. */
@SpringBootTest(
        webEnvironment = WebEnvironment.RANDOM_PORT,
        properties = {"guildhall.embedding.native-directory=target/native", "guildhall.models.directory=target/models"})
class RealmIT {

    private final HttpClient client = HttpClient.newHttpClient();

    @LocalServerPort
    private int port;

    @DynamicPropertySource
    static void realm(DynamicPropertyRegistry registry) {
        registry.add("guildhall.inference.issuer", () -> environment("GUILDHALL_TEST_ISSUER"));
    }

    @Test
    void opensForAServicesTokenAndStaysClosedForAForgedOne() throws Exception {
        String token = serviceToken();
        String forged = token.substring(0, token.lastIndexOf('.') + 1) + "AAAA";

        assertThat(embed(token)).isEqualTo(200);
        assertThat(embed(forged)).isEqualTo(401);
    }

    private int embed(String token) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/v1/embeddings"))
                .header("Content-Type", "application/json")
                .header("Authorization", "Bearer " + token)
                .POST(BodyPublishers.ofString("{\"input\":\"hello\"}"))
                .build();
        return client.send(request, BodyHandlers.ofString()).statusCode();
    }

    private String serviceToken() throws Exception {
        String form = Map.of(
                        "grant_type",
                        "client_credentials",
                        "client_id",
                        "review-bot",
                        "client_secret",
                        environment("GUILDHALL_TEST_CLIENT_SECRET"))
                .entrySet()
                .stream()
                .map(field -> field.getKey() + "=" + URLEncoder.encode(field.getValue(), StandardCharsets.UTF_8))
                .collect(Collectors.joining("&"));
        HttpRequest request = HttpRequest.newBuilder(
                        URI.create(environment("GUILDHALL_TEST_ISSUER") + "/protocol/openid-connect/token"))
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(BodyPublishers.ofString(form))
                .build();
        var answer = client.send(request, BodyHandlers.ofString());
        assertThat(answer.statusCode()).describedAs(answer.body()).isEqualTo(200);
        return JsonMapper.shared().readTree(answer.body()).get("access_token").asString();
    }

    private static String environment(String name) {
        String value = System.getenv(name);
        if (value == null || value.isBlank()) {
            throw new IllegalStateException(
                    "%s is not set: './guildhall test java' starts what integration tests need".formatted(name));
        }
        return value;
    }
}
