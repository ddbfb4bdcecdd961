package dev.guildhall.engine;

import java.io.BufferedOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** A safetensors file with one tensor, {@code logits}: f32 [tokens, vocabulary], written row by row. */
final class LogitsFile implements AutoCloseable {

    private static final int ALIGNMENT = 8;

    private final DataOutputStream out;
    private final ByteBuffer row;

    LogitsFile(Path file, int tokens, int vocabularySize) throws IOException {
        long bytes = (long) tokens * vocabularySize * Float.BYTES;
        String header = "{\"logits\":{\"dtype\":\"F32\",\"shape\":[%d,%d],\"data_offsets\":[0,%d]}}"
                .formatted(tokens, vocabularySize, bytes);
        header += " ".repeat((ALIGNMENT - header.length() % ALIGNMENT) % ALIGNMENT);
        row = ByteBuffer.allocate(vocabularySize * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        out = new DataOutputStream(new BufferedOutputStream(Files.newOutputStream(file), 1 << 20));
        out.writeLong(Long.reverseBytes(header.length()));
        out.write(header.getBytes(StandardCharsets.US_ASCII));
    }

    void write(float[] logits) throws IOException {
        row.clear();
        row.asFloatBuffer().put(logits);
        out.write(row.array());
    }

    @Override
    public void close() throws IOException {
        out.close();
    }
}
