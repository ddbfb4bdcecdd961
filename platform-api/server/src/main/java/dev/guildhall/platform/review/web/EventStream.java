package dev.guildhall.platform.review.web;

import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import tools.jackson.databind.json.JsonMapper;

/** Server-sent events, written by the request's own (virtual) thread. */
final class EventStream {

    private final HttpServletResponse response;
    private final JsonMapper json;
    private final OutputStream out;

    private EventStream(HttpServletResponse response, JsonMapper json) throws IOException {
        this.response = response;
        this.json = json;
        this.out = response.getOutputStream();
    }

    static EventStream begin(HttpServletResponse response, JsonMapper json) throws IOException {
        response.setContentType(MediaType.TEXT_EVENT_STREAM_VALUE);
        response.setCharacterEncoding(StandardCharsets.UTF_8.name());
        response.setHeader(HttpHeaders.CACHE_CONTROL, "no-store");
        // Asks reverse proxies not to collect events before they pass them on.
        response.setHeader("X-Accel-Buffering", "no");
        EventStream stream = new EventStream(response, json);
        stream.heartbeat();
        return stream;
    }

    void send(String event, long id, Object data) throws IOException {
        write("id: %d\nevent: %s\ndata: %s\n\n".formatted(id, event, json.writeValueAsString(data)));
    }

    /** A comment: keeps proxies from closing the connection, and tells us when the reader is gone. */
    void heartbeat() throws IOException {
        write(":\n\n");
    }

    private void write(String text) throws IOException {
        out.write(text.getBytes(StandardCharsets.UTF_8));
        out.flush();
        response.flushBuffer();
    }
}
