package dev.guildhall.indexer;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.guildhall.indexer.chunk.CodeTerms;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * An embedding endpoint of the OpenAI protocol whose vectors are counts of hashed words: texts that share words are near
 * each other, always in the same way. It refuses texts that are too long, as the real one does.
 */
final class FakeEmbeddings implements AutoCloseable {

    static final int DIMENSIONS = 384;
    private static final int TEXT_LENGTH_MAX = 4_000;

    private final HttpServer server;
    private final JsonMapper json = new JsonMapper();
    private final List<String> texts = new CopyOnWriteArrayList<>();
    private final AtomicInteger failuresLeft = new AtomicInteger();
    private volatile int failureStatus = 503;
    private volatile long delayMillis;

    FakeEmbeddings() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/v1/embeddings", this::answer);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.start();
    }

    String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    /** Every text that was embedded, in order. */
    List<String> texts() {
        return texts;
    }

    void failNext(int count, int status) {
        failureStatus = status;
        failuresLeft.set(count);
    }

    void delay(long millis) {
        delayMillis = millis;
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            JsonNode request = json.readTree(exchange.getRequestBody().readAllBytes());
            pause();
            String authorization = exchange.getRequestHeaders().getFirst("Authorization");
            if (authorization == null || !authorization.startsWith("Bearer ey")) {
                reply(exchange, 401, error("no bearer token"));
                return;
            }
            if (failuresLeft.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
                reply(exchange, failureStatus, error("told to fail"));
                return;
            }
            if (request.path("dimensions").asInt(0) != DIMENSIONS) {
                reply(exchange, 400, error("dimensions must be %d".formatted(DIMENSIONS)));
                return;
            }
            List<String> inputs = new ArrayList<>();
            request.get("input").forEach(input -> inputs.add(input.asString()));
            if (inputs.stream().anyMatch(input -> input.length() > TEXT_LENGTH_MAX)) {
                reply(exchange, 400, error("input is longer than %d characters".formatted(TEXT_LENGTH_MAX)));
                return;
            }
            texts.addAll(inputs);
            List<Map<String, Object>> data = new ArrayList<>();
            for (String input : inputs) {
                data.add(Map.of("object", "embedding", "index", data.size(), "embedding", vector(input)));
            }
            reply(
                    exchange,
                    200,
                    Map.of(
                            "object",
                            "list",
                            "model",
                            request.get("model").asString(),
                            "data",
                            data,
                            "usage",
                            Map.of("prompt_tokens", 1, "total_tokens", 1)));
        }
    }

    private void pause() {
        try {
            Thread.sleep(delayMillis);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private static Map<String, Object> error(String message) {
        return Map.of("error", Map.of("message", message, "type", "test", "code", "test"));
    }

    private static float[] vector(String text) {
        float[] vector = new float[DIMENSIONS];
        for (String term : CodeTerms.of(text)) {
            vector[Math.floorMod(term.hashCode() * 31, DIMENSIONS)] += 1;
        }
        double length = 0;
        for (float value : vector) {
            length += value * value;
        }
        for (int index = 0; index < DIMENSIONS; index++) {
            vector[index] = length == 0 ? 1f / DIMENSIONS : (float) (vector[index] / Math.sqrt(length));
        }
        return vector;
    }

    private void reply(HttpExchange exchange, int status, Map<String, Object> body) throws IOException {
        byte[] bytes = json.writeValueAsString(body).getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().add("Content-Type", "application/json");
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
