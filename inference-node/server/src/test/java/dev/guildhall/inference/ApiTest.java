package dev.guildhall.inference;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.BodyHandlers;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalServerPort;
import tools.jackson.databind.json.JsonMapper;

/** A node over HTTP, with a real model file of random weights, and one caller's key. What else it needs, a test says itself. */
@SpringBootTest(
        webEnvironment = WebEnvironment.RANDOM_PORT,
        properties = {
            // SHA-256 of KEY
            "guildhall.inference.api-key-sha256=2a8a1240f50636655520ac8ed22aa29473b8517b4abfdbc3bc03bcad73fc8849",
            "guildhall.inference.model=../engine/src/test/resources/golden/qwen2-tied-f32.gguf",
            "guildhall.embedding.native-directory=target/native",
            "guildhall.models.directory=target/models"
        })
public abstract class ApiTest {

    protected static final String KEY = "a-key";
    protected static final JsonMapper JSON = JsonMapper.shared();

    private final HttpClient client = HttpClient.newHttpClient();

    @LocalServerPort
    private int port;

    @BeforeEach
    void awaitModel() {
        await().until(() -> get("/v1/models").statusCode() == 200);
    }

    protected HttpResponse<String> get(String path) {
        return send(request(path).build());
    }

    protected HttpResponse<String> post(String path, String body) {
        return send(request(path).POST(BodyPublishers.ofString(body)).build());
    }

    protected HttpRequest.Builder request(String path) {
        return request(path, KEY);
    }

    /** @param token a key or a token; null for a caller who shows none */
    protected HttpRequest.Builder request(String path, @Nullable String token) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:%d%s".formatted(port, path)))
                .header("Content-Type", "application/json");
        return token == null ? request : request.header("Authorization", "Bearer " + token);
    }

    protected HttpResponse<String> send(HttpRequest request) {
        return send(request, BodyHandlers.ofString());
    }

    protected <T> HttpResponse<T> send(HttpRequest request, BodyHandler<T> body) {
        try {
            return client.send(request, body);
        } catch (IOException fault) {
            throw new IllegalStateException(fault);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(stopped);
        }
    }
}
