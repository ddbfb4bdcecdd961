package dev.guildhall.platform;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;

/** Stands in for repo-indexer and review-bot: fixed answers, to callers with a bearer token only. */
final class TestParts implements AutoCloseable {

    private final HttpServer server;

    TestParts() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/internal/v1/search", exchange -> answer(exchange, 200, """
                {"hits":[],"notIndexed":["demo/till"]}"""));
        server.createContext("/internal/v1/reviews", exchange -> {
            boolean known = exchange.getRequestURI().getPath().endsWith("/files/0");
            answer(
                    exchange,
                    known ? 200 : 404,
                    known ? "{\"index\":0,\"patch\":\"@@ -1 +1 @@\\n-a\\n+b\\n\",\"reason\":null}" : "{}");
        });
        server.createContext("/actuator/health", exchange -> answer(exchange, 200, "{\"status\":\"UP\"}"));
        server.start();
    }

    String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    private static void answer(HttpExchange exchange, int status, String body) throws IOException {
        String authorization = exchange.getRequestHeaders().getFirst("Authorization");
        boolean open = exchange.getRequestURI().getPath().startsWith("/actuator");
        boolean allowed = open || (authorization != null && authorization.startsWith("Bearer ey"));
        byte[] bytes = (allowed ? body : "{}").getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(allowed ? status : 401, bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
