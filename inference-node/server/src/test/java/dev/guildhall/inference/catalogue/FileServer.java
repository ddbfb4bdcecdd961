package dev.guildhall.inference.catalogue;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** An HTTP server with one file, that can be told to misbehave. */
final class FileServer implements AutoCloseable {

    private final HttpServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final byte[] content;

    /** What was asked for: the path, and the {@code Range} header where there was one. */
    final List<String> requests = new CopyOnWriteArrayList<>();

    /** The connection is cut after so many bytes of each answer; 0: never. */
    volatile int cutAfterBytes;

    /** The connection stays open but silent after so many bytes of the first answer; 0: never. */
    volatile int silentAfterBytes;

    volatile boolean ignoresRange;

    /** Answered instead of the file so many times. */
    final AtomicInteger failures = new AtomicInteger();

    volatile int failureStatus = 503;

    FileServer(byte[] content) throws IOException {
        this.content = content;
        this.server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext("/", this::answer);
        server.start();
    }

    URI address() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            String range = exchange.getRequestHeaders().getFirst("Range");
            requests.add(exchange.getRequestURI().getPath() + (range == null ? "" : " " + range));
            if (failures.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
                exchange.sendResponseHeaders(failureStatus, -1);
                return;
            }
            if (exchange.getRequestMethod().equals("HEAD")) {
                exchange.sendResponseHeaders(200, -1);
                return;
            }
            int from = offset(range);
            if (from > 0) {
                exchange.getResponseHeaders()
                        .set("Content-Range", "bytes %d-%d/%d".formatted(from, content.length - 1, content.length));
            }
            exchange.sendResponseHeaders(from > 0 ? 206 : 200, content.length - from);
            send(exchange, from);
        }
    }

    private int offset(@Nullable String range) {
        return range == null || ignoresRange ? 0 : Integer.parseInt(range.replaceAll("bytes=(\\d+)-", "$1"));
    }

    private void send(HttpExchange exchange, int from) throws IOException {
        OutputStream body = exchange.getResponseBody();
        int bytes = content.length - from;
        int silence = silentAfterBytes;
        if (silence > 0) {
            silentAfterBytes = 0;
            body.write(content, from, silence);
            body.flush();
            sleep();
        } else if (cutAfterBytes > 0 && bytes > cutAfterBytes) {
            body.write(content, from, cutAfterBytes);
            body.flush();
        } else {
            body.write(content, from, bytes);
        }
    }

    private static void sleep() {
        try {
            Thread.sleep(20_000);
        } catch (InterruptedException closed) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
