package dev.guildhall.inference.catalogue;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.channels.UnresolvedAddressException;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Fetches a file over HTTP; goes on where a cut connection or an earlier run stopped. */
final class HttpFetch {

    private static final int BUFFER_BYTES = 1 << 18;
    private static final Pattern CONTENT_RANGE = Pattern.compile("bytes (\\d+)-\\d+/(\\d+)");
    private static final Set<Integer> WORTH_ANOTHER_TRY = Set.of(408, 425, 429, 500, 502, 503, 504);

    private final ModelsSettings settings;

    HttpFetch(ModelsSettings settings) {
        this.settings = settings;
    }

    /** Fills {@code part} up to {@code bytes}; what it already holds is kept. */
    void fetch(URI address, long bytes, Path part, ProgressMeter meter) throws IOException, InterruptedException {
        try (HttpClient client = HttpClient.newBuilder()
                        .version(HttpClient.Version.HTTP_1_1)
                        .followRedirects(HttpClient.Redirect.NORMAL)
                        .connectTimeout(settings.connectTimeout())
                        .build();
                ScheduledExecutorService watch = Executors.newSingleThreadScheduledExecutor(
                        Thread.ofPlatform().daemon().name("download-watch").factory())) {
            meter.begin(size(part));
            int attemptsInVain = 0;
            while (size(part) < bytes) {
                long before = size(part);
                String fault;
                try {
                    fault = attempt(client, watch, address, bytes, part, meter);
                } catch (ConnectException | HttpConnectTimeoutException unreachable) {
                    if (before == 0) {
                        throw new SourceException(
                                "%s cannot be reached: %s".formatted(address.getHost(), reason(unreachable)));
                    }
                    fault = reason(unreachable);
                } catch (SourceException refused) {
                    throw refused;
                } catch (IOException cut) {
                    fault = reason(cut);
                }
                if (size(part) >= bytes) {
                    return;
                }
                attemptsInVain = size(part) > before ? 0 : attemptsInVain + 1;
                if (attemptsInVain >= settings.attemptsMax()) {
                    throw new SourceException("stopped at %,d of %,d bytes, and %d attempts brought no more: %s"
                            .formatted(size(part), bytes, attemptsInVain, fault));
                }
                Thread.sleep(settings.retryDelay());
            }
        }
    }

    /** One request; returns why the file is not complete yet. */
    private String attempt(
            HttpClient client, ScheduledExecutorService watch, URI address, long bytes, Path part, ProgressMeter meter)
            throws IOException, InterruptedException {
        long offset = size(part);
        HttpRequest.Builder request =
                HttpRequest.newBuilder(address).timeout(settings.stallTimeout()).GET();
        if (offset > 0) {
            request.header("Range", "bytes=%d-".formatted(offset));
        }
        HttpResponse<InputStream> response = client.send(request.build(), HttpResponse.BodyHandlers.ofInputStream());
        try (InputStream body = response.body()) {
            int status = response.statusCode();
            if (status == 200) {
                long announced =
                        response.headers().firstValueAsLong("Content-Length").orElse(bytes);
                refuseOtherSize(announced, bytes);
                meter.begin(0);
                return copy(watch, body, part, 0, bytes, meter);
            }
            if (status == 206) {
                Matcher range = CONTENT_RANGE.matcher(
                        response.headers().firstValue("Content-Range").orElse(""));
                if (!range.matches() || Long.parseLong(range.group(1)) != offset) {
                    throw new SourceException("answered with another range than was asked for");
                }
                refuseOtherSize(Long.parseLong(range.group(2)), bytes);
                return copy(watch, body, part, offset, bytes, meter);
            }
            if (WORTH_ANOTHER_TRY.contains(status)) {
                return "status " + status;
            }
            throw new SourceException("answered with status " + status);
        }
    }

    private String copy(
            ScheduledExecutorService watch, InputStream body, Path part, long offset, long bytes, ProgressMeter meter)
            throws IOException {
        AtomicLong lastNanos = new AtomicLong(System.nanoTime());
        Duration stall = settings.stallTimeout();
        ScheduledFuture<?> guard = watch.scheduleWithFixedDelay(
                () -> {
                    if (System.nanoTime() - lastNanos.get() > stall.toNanos()) {
                        closeQuietly(body);
                    }
                },
                stall.toMillis(),
                Math.max(1, stall.toMillis() / 4),
                TimeUnit.MILLISECONDS);
        OpenOption how = offset == 0 ? StandardOpenOption.TRUNCATE_EXISTING : StandardOpenOption.APPEND;
        try (OutputStream out = Files.newOutputStream(part, StandardOpenOption.CREATE, StandardOpenOption.WRITE, how)) {
            byte[] buffer = new byte[BUFFER_BYTES];
            long position = offset;
            for (int count = body.read(buffer); count >= 0; count = body.read(buffer)) {
                if (position + count > bytes) {
                    throw new SourceException("sends more than %,d bytes".formatted(bytes));
                }
                out.write(buffer, 0, count);
                position += count;
                lastNanos.set(System.nanoTime());
                meter.at(position);
            }
            return "the connection was cut";
        } finally {
            guard.cancel(false);
        }
    }

    private static void refuseOtherSize(long announced, long bytes) throws SourceException {
        if (announced != bytes) {
            throw new SourceException("has a file of %,d bytes, expected are %,d".formatted(announced, bytes));
        }
    }

    private static void closeQuietly(InputStream body) {
        try {
            body.close();
        } catch (IOException alreadyClosed) {
            // The reader sees the end of the stream either way.
        }
    }

    private static String reason(IOException fault) {
        for (Throwable cause = fault; cause != null; cause = cause.getCause()) {
            if (cause instanceof UnresolvedAddressException) {
                return "its name is unknown here";
            }
        }
        String message = fault.getMessage();
        return message == null || message.isBlank() ? fault.getClass().getSimpleName() : message;
    }

    private static long size(Path part) throws IOException {
        return Files.exists(part) ? Files.size(part) : 0;
    }
}
