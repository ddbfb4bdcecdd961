package dev.guildhall.platform.webhook;

import dev.guildhall.platform.problem.ErrorCode;
import dev.guildhall.platform.problem.GuildhallException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicLong;
import org.springframework.util.unit.DataSize;

/** Reads bodies into memory, none over its limit and all together not over theirs, whatever their headers say. */
final class BodyReader {

    private static final int FIRST_BYTES = 16 * 1024;

    private final DataSize bodyMax;
    private final DataSize inMemoryMax;
    private final AtomicLong inMemoryBytes = new AtomicLong();

    BodyReader(DataSize bodyMax, DataSize inMemoryMax) {
        this.bodyMax = bodyMax;
        this.inMemoryMax = inMemoryMax;
    }

    /** A body that counts as being in memory until it is closed. */
    final class Body implements AutoCloseable {

        private byte[] bytes = new byte[0];

        private Body() {}

        byte[] bytes() {
            return bytes;
        }

        private void grow(int size) {
            reserve((long) size - bytes.length);
            bytes = Arrays.copyOf(bytes, size);
        }

        @Override
        public void close() {
            inMemoryBytes.addAndGet(-bytes.length);
            bytes = new byte[0];
        }
    }

    /**
     * Reads to the end of the body.
     *
     * @param announcedBytes the Content-Length; negative where there is none
     * @throws GuildhallException {@code body-too-large}, or {@code too-busy} when too many are read at once
     */
    Body read(InputStream in, long announcedBytes) throws IOException {
        long max = bodyMax.toBytes();
        if (announcedBytes > max) {
            throw tooLarge("%d bytes".formatted(announcedBytes));
        }
        Body body = new Body();
        try {
            int length = 0;
            body.grow((int) Math.min(max + 1, FIRST_BYTES));
            while (true) {
                int read = in.read(body.bytes, length, body.bytes.length - length);
                if (read < 0) {
                    body.grow(length);
                    return body;
                }
                length += read;
                if (length > max) {
                    throw tooLarge("more");
                }
                if (length == body.bytes.length) {
                    body.grow((int) Math.min(max + 1, length * 2L));
                }
            }
        } catch (IOException | RuntimeException exception) {
            body.close();
            throw exception;
        }
    }

    private void reserve(long bytes) {
        if (inMemoryBytes.addAndGet(bytes) > inMemoryMax.toBytes() && bytes > 0) {
            inMemoryBytes.addAndGet(-bytes);
            throw new GuildhallException(
                    ErrorCode.TOO_BUSY,
                    "webhook bodies of %d MB are being read, which is guildhall.webhook.bodies-in-memory-max: try again"
                            .formatted(inMemoryMax.toMegabytes()));
        }
    }

    private GuildhallException tooLarge(String size) {
        return new GuildhallException(
                ErrorCode.BODY_TOO_LARGE,
                "the body has %s, allowed are %d bytes: guildhall.webhook.body-max".formatted(size, bodyMax.toBytes()));
    }
}
