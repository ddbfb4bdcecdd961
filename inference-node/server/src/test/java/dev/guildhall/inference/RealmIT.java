package dev.guildhall.inference;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

/** The tokens that the real Keycloak gives to services open this node. */
class RealmIT extends ApiTest {

    @DynamicPropertySource
    static void realm(DynamicPropertyRegistry registry) {
        registry.add("guildhall.inference.issuer", () -> environment("GUILDHALL_TEST_ISSUER"));
    }

    @Test
    void opensForAServicesTokenAndStaysClosedForAForgedOne() {
        String token = serviceToken();
        String forged = token.substring(0, token.lastIndexOf('.') + 1) + "AAAA";

        assertThat(embed(token)).isEqualTo(200);
        assertThat(embed(forged)).isEqualTo(401);
    }

    private int embed(String token) {
        return send(request("/v1/embeddings", token)
                        .POST(BodyPublishers.ofString("{\"input\":\"hello\"}"))
                        .build())
                .statusCode();
    }

    private String serviceToken() {
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
        HttpResponse<String> answer = send(request);
        assertThat(answer.statusCode()).describedAs(answer.body()).isEqualTo(200);
        return JSON.readTree(answer.body()).get("access_token").asString();
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
