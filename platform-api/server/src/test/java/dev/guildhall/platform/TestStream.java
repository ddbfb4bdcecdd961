package dev.guildhall.platform;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/** A reader of server-sent events. */
final class TestStream implements AutoCloseable {

    /** One event; {@code end} is what follows the last. */
    record Event(String name, long id, String data) {
        static final Event END = new Event("end", -1, "");

        JsonNode json() {
            return TestPlatform.JSON.readTree(data);
        }
    }

    private final InputStream body;
    private final BlockingQueue<Event> events = new LinkedBlockingQueue<>();
    private final AtomicInteger comments = new AtomicInteger();

    TestStream(TestPlatform platform, String path, String... headers) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create(platform.url + path))
                .headers(TestPlatform.asAdmin())
                .headers(Stream.concat(Stream.of("Accept", "text/event-stream"), Stream.of(headers))
                        .toArray(String[]::new))
                .build();
        HttpResponse<InputStream> response = platform.http.send(request, BodyHandlers.ofInputStream());
        if (response.statusCode() != 200) {
            throw new IllegalStateException("stream answered " + response.statusCode());
        }
        body = response.body();
        Thread.ofVirtual().start(this::read);
    }

    private void read() {
        StringBuilder block = new StringBuilder();
        try (Stream<String> lines = new BufferedReader(new InputStreamReader(body, StandardCharsets.UTF_8)).lines()) {
            lines.forEach(line -> {
                if (line.startsWith(":")) {
                    comments.incrementAndGet();
                } else if (!line.isEmpty()) {
                    block.append(line).append('\n');
                } else if (!block.isEmpty()) {
                    events.add(event(block.toString()));
                    block.setLength(0);
                }
            });
        } catch (UncheckedIOException exception) {
            // Closed by the test.
        }
        events.add(Event.END);
    }

    private static Event event(String block) {
        String name = "";
        String data = "";
        long id = 0;
        for (String line : block.lines().toList()) {
            String value = line.substring(line.indexOf(": ") + 2);
            switch (line.substring(0, line.indexOf(':'))) {
                case "event" -> name = value;
                case "id" -> id = Long.parseLong(value);
                case "data" -> data = value;
                default -> throw new IllegalStateException("unknown field: " + line);
            }
        }
        return new Event(name, id, data);
    }

    Event next() throws InterruptedException {
        Event event = events.poll(15, TimeUnit.SECONDS);
        if (event == null) {
            throw new AssertionError("no event within 15 s");
        }
        return event;
    }

    boolean isQuiet(Duration duration) throws InterruptedException {
        return events.poll(duration.toMillis(), TimeUnit.MILLISECONDS) == null;
    }

    int comments() {
        return comments.get();
    }

    @Override
    public void close() throws IOException {
        body.close();
    }
}
