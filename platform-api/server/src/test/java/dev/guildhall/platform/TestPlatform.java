package dev.guildhall.platform;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.UUID;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The whole service on a port of this machine, with a database of its own. One for all integration tests. */
final class TestPlatform {

    static final JsonMapper JSON = JsonMapper.builder().build();
    static final String API_KEY = "test-key-" + UUID.randomUUID();

    private static @Nullable TestPlatform shared;

    final String url;
    final HttpClient http =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();
    private final ConfigurableApplicationContext context;

    private TestPlatform(TestDatabase database, TestParts parts, String kafkaServers) throws Exception {
        int port = freePort();
        url = "http://localhost:" + port;
        String hash = HexFormat.of()
                .formatHex(MessageDigest.getInstance("SHA-256").digest(API_KEY.getBytes(StandardCharsets.UTF_8)));
        context = new SpringApplicationBuilder(PlatformApplication.class)
                .run(
                        "--GUILDHALL_PORT=" + port,
                        "--GUILDHALL_PUBLIC_URL=" + url,
                        "--GUILDHALL_DATABASE_URL=" + database.url(),
                        "--GUILDHALL_DATABASE_USER=" + database.user(),
                        "--GUILDHALL_DATABASE_PASSWORD=" + TestDatabase.PASSWORD,
                        "--GUILDHALL_KAFKA_SERVERS=" + kafkaServers,
                        "--GUILDHALL_ISSUER=" + TestStack.ISSUER,
                        "--GUILDHALL_WEB_CLIENT_SECRET=" + TestStack.CLIENT_SECRET,
                        "--GUILDHALL_CLIENT_ID=platform-api",
                        "--GUILDHALL_CLIENT_SECRET=" + TestStack.CLIENT_SECRET,
                        "--GUILDHALL_API_KEY_SHA256=" + hash,
                        "--GUILDHALL_SECRET_KEY=AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=",
                        "--GUILDHALL_INDEXER_URL=" + parts.url(),
                        "--GUILDHALL_REVIEW_BOT_URL=" + parts.url(),
                        "--GUILDHALL_INFERENCE_URL=" + parts.url(),
                        "--spring.kafka.consumer.group-id=platform-test-" + UUID.randomUUID(),
                        "--guildhall.review.heartbeat=1s");
    }

    private static @Nullable TestDatabase database;
    private static @Nullable TestParts parts;

    static synchronized TestPlatform shared() throws Exception {
        if (shared == null) {
            TestTopic.createTopicsOfOthers();
            TestDatabase ownDatabase = new TestDatabase();
            TestParts ownParts = new TestParts();
            TestPlatform platform = new TestPlatform(ownDatabase, ownParts, TestStack.KAFKA_SERVERS);
            Runtime.getRuntime().addShutdownHook(new Thread(() -> {
                platform.context.close();
                ownParts.close();
                try {
                    ownDatabase.close();
                } catch (SQLException exception) {
                    throw new IllegalStateException("the tests' database was not dropped", exception);
                }
            }));
            database = ownDatabase;
            parts = ownParts;
            shared = platform;
        }
        return shared;
    }

    /** A second platform on the same database, to which Kafka is down. */
    static TestPlatform withoutKafka() throws Exception {
        if (shared() == null || database == null || parts == null) {
            throw new IllegalStateException("the platform with Kafka was not started");
        }
        return new TestPlatform(database, parts, "127.0.0.1:" + freePort());
    }

    void stop() {
        context.close();
    }

    JdbcClient database() {
        return context.getBean(JdbcClient.class);
    }

    /** A registered repository and the secret of its webhook. */
    record Registered(UUID id, String name, String secret, String webhookUrl) {}

    Registered registerRepository() throws Exception {
        Path directory = Files.createTempDirectory("platform-test");
        String name = "demo/till-" + UUID.randomUUID().toString().substring(0, 8);
        Answer answer = post(
                "/api/v1/repositories",
                "{\"name\":\"%s\",\"location\":\"%s\"}".formatted(name, directory),
                "Authorization",
                "Bearer " + API_KEY);
        if (answer.status() != 201) {
            throw new IllegalStateException("repository not registered: " + answer);
        }
        JsonNode json = answer.json();
        return new Registered(
                UUID.fromString(json.get("id").asString()),
                name,
                json.get("webhookSecret").asString(),
                json.get("webhookUrl").asString());
    }

    /** What came back. */
    record Answer(int status, HttpResponse<String> response) {
        JsonNode json() {
            return JSON.readTree(response.body());
        }

        String header(String name) {
            return response.headers().firstValue(name).orElse("");
        }

        @Override
        public String toString() {
            return status + " " + response.body();
        }
    }

    Answer get(String path, String... headers) throws IOException, InterruptedException {
        return send(HttpRequest.newBuilder(URI.create(url + path)).GET(), headers);
    }

    Answer post(String path, String body, String... headers) throws IOException, InterruptedException {
        return send(
                HttpRequest.newBuilder(URI.create(url + path))
                        .POST(BodyPublishers.ofString(body))
                        .header("Content-Type", "application/json"),
                headers);
    }

    Answer delete(String path, String... headers) throws IOException, InterruptedException {
        return send(HttpRequest.newBuilder(URI.create(url + path)).DELETE(), headers);
    }

    Answer webhook(Registered repository, String event, String delivery, String body) throws Exception {
        return send(webhookRequest(repository, event, delivery, body));
    }

    HttpRequest.Builder webhookRequest(Registered repository, String event, String delivery, String body)
            throws Exception {
        return HttpRequest.newBuilder(URI.create(url + "/webhooks/git/" + repository.id()))
                .POST(BodyPublishers.ofString(body))
                .header("X-Guildhall-Event", event)
                .header("X-Guildhall-Delivery", delivery)
                .header("X-Guildhall-Signature-256", sign(repository.secret(), body));
    }

    Answer send(HttpRequest.Builder request, String... headers) throws IOException, InterruptedException {
        if (headers.length > 0) {
            request.headers(headers);
        }
        HttpResponse<String> response =
                http.send(request.timeout(Duration.ofSeconds(30)).build(), BodyHandlers.ofString());
        return new Answer(response.statusCode(), response);
    }

    static String sign(String secret, String body) throws Exception {
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
        return "sha256=" + HexFormat.of().formatHex(mac.doFinal(body.getBytes(StandardCharsets.UTF_8)));
    }

    /** As a tool with the platform's API key. */
    static String[] asAdmin() {
        return new String[] {"Authorization", "Bearer " + API_KEY};
    }

    /** As a tool with a token that Keycloak gave to the user. */
    static String[] as(String user) throws IOException, InterruptedException {
        String form =
                "grant_type=password&scope=openid&client_id=guildhall-web&client_secret=%s&username=%s&password=%s"
                        .formatted(TestStack.CLIENT_SECRET, user, TestStack.USER_PASSWORD);
        HttpResponse<String> response = HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create(TestStack.ISSUER + "/protocol/openid-connect/token"))
                                .header("Content-Type", "application/x-www-form-urlencoded")
                                .POST(BodyPublishers.ofString(form))
                                .build(),
                        BodyHandlers.ofString());
        JsonNode token = JSON.readTree(response.body()).get("access_token");
        if (token == null) {
            throw new IllegalStateException("no token for " + user + ": " + response.body());
        }
        return new String[] {"Authorization", "Bearer " + token.asString()};
    }

    static List<String> texts(JsonNode array) {
        List<String> texts = new ArrayList<>();
        array.forEach(element -> texts.add(element.asString()));
        return texts;
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
