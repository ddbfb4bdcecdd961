package dev.guildhall.engine.format;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** Writes GGUF files for tests, right ones and wrong ones. */
final class GgufBytes {

    static final int U32 = 4;
    static final int STRING = 8;
    static final int ARRAY = 9;

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    /** A small right file: two metadata entries, an F32 and a Q8_0 tensor. */
    static byte[] small() {
        return new GgufBytes()
                .header(3, 2, 2)
                .string("general.architecture")
                .u32(STRING)
                .string("test")
                .string("test.sizes")
                .u32(ARRAY)
                .u32(U32)
                .u64(3)
                .u32(7)
                .u32(8)
                .u32(9)
                .tensor("a", 0, 0, 4, 2)
                .tensor("b", 8, 32, 32)
                .align(32)
                .zeros(32 + 34)
                .toByteArray();
    }

    GgufBytes header(int version, long tensors, long entries) {
        return raw("GGUF".getBytes(StandardCharsets.US_ASCII))
                .u32(version)
                .u64(tensors)
                .u64(entries);
    }

    GgufBytes tensor(String name, int type, long offset, long... shape) {
        string(name).u32(shape.length);
        for (long size : shape) {
            u64(size);
        }
        return u32(type).u64(offset);
    }

    GgufBytes string(String text) {
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        return u64(utf8.length).raw(utf8);
    }

    GgufBytes u32(int value) {
        return raw(ByteBuffer.allocate(4)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(value)
                .array());
    }

    GgufBytes u64(long value) {
        return raw(ByteBuffer.allocate(8)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(value)
                .array());
    }

    GgufBytes zeros(int count) {
        return raw(new byte[count]);
    }

    GgufBytes align(int alignment) {
        return zeros((alignment - bytes.size() % alignment) % alignment);
    }

    GgufBytes raw(byte[] values) {
        bytes.writeBytes(values);
        return this;
    }

    byte[] toByteArray() {
        return bytes.toByteArray();
    }
}
