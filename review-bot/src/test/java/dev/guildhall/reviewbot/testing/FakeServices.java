package dev.guildhall.reviewbot.testing;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.function.UnaryOperator;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** An inference node and an index that say what a test tells them to, over real HTTP. */
public final class FakeServices implements AutoCloseable {

    /** An answer of the model that finds nothing. */
    public static final String NOTHING = "{\"findings\":[]}";

    private static final JsonMapper JSON = JsonMapper.shared();

    private final HttpServer server;
    private final List<JsonNode> modelRequests = new CopyOnWriteArrayList<>();
    private final List<String> authorizations = new CopyOnWriteArrayList<>();
    private volatile UnaryOperator<String> model = _ -> NOTHING;
    private volatile String context = "{\"indexed\":true,\"items\":[]}";
    private volatile int contextStatus = 200;

    public FakeServices() {
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.createContext("/v1/chat/completions", this::complete);
        server.createContext("/internal/v1/search/context", exchange -> {
            exchange.getRequestBody().readAllBytes();
            answer(exchange, contextStatus, context);
        });
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.start();
    }

    public String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    /** Makes the model's answer out of everything that it was asked. */
    public void modelSays(UnaryOperator<String> answer) {
        model = answer;
    }

    public void contextIs(int status, String body) {
        contextStatus = status;
        context = body;
    }

    /** What the model was asked so far, as it came over the wire. */
    public List<JsonNode> modelRequests() {
        return modelRequests;
    }

    public List<String> authorizations() {
        return authorizations;
    }

    public void reset() {
        modelRequests.clear();
        authorizations.clear();
        model = _ -> NOTHING;
        contextIs(200, "{\"indexed\":true,\"items\":[]}");
    }

    @Override
    public void close() {
        server.stop(0);
    }

    private void complete(HttpExchange exchange) throws IOException {
        JsonNode request = JSON.readTree(exchange.getRequestBody().readAllBytes());
        modelRequests.add(request);
        authorizations.add(String.valueOf(exchange.getRequestHeaders().getFirst("Authorization")));
        StringBuilder asked = new StringBuilder();
        request.path("messages")
                .forEach(message ->
                        asked.append(message.path("content").asString("")).append('\n'));
        String text;
        try {
            text = model.apply(asked.toString());
        } catch (IllegalStateException e) {
            answer(exchange, 503, "{\"error\":{\"message\":\"" + e.getMessage() + "\",\"type\":\"unavailable\"}}");
            return;
        }
        answer(
                exchange,
                200,
                JSON.writeValueAsString(Map.of(
                        "id",
                        "1",
                        "object",
                        "chat.completion",
                        "created",
                        1,
                        "model",
                        request.path("model").asString(""),
                        "choices",
                        List.of(Map.of(
                                "index",
                                0,
                                "finish_reason",
                                "stop",
                                "message",
                                Map.of("role", "assistant", "content", text))),
                        "usage",
                        Map.of("prompt_tokens", 100, "completion_tokens", 10, "total_tokens", 110))));
    }

    private static void answer(HttpExchange exchange, int status, String body) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().add("Content-Type", "application/json");
        exchange.sendResponseHeaders(status, bytes.length);
        try (var out = exchange.getResponseBody()) {
            out.write(bytes);
        }
    }
}
