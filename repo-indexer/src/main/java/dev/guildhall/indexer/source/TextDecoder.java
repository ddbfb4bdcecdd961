package dev.guildhall.indexer.source;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** Reads bytes as text whatever their encoding, or finds that they are none. */
final class TextDecoder {

    private static final int BINARY_PROBE_BYTES = 8_000;

    private TextDecoder() {}

    /** The text, or nothing when the bytes are binary. Text that is not UTF-8 is read as Windows-1252. */
    static Optional<String> decode(byte[] bytes) {
        if (startsWith(bytes, 0xFF, 0xFE)) {
            return Optional.of(normalized(new String(bytes, 2, bytes.length - 2, StandardCharsets.UTF_16LE)));
        }
        if (startsWith(bytes, 0xFE, 0xFF)) {
            return Optional.of(normalized(new String(bytes, 2, bytes.length - 2, StandardCharsets.UTF_16BE)));
        }
        for (int index = 0; index < Math.min(bytes.length, BINARY_PROBE_BYTES); index++) {
            if (bytes[index] == 0) {
                return Optional.empty();
            }
        }
        int start = startsWith(bytes, 0xEF, 0xBB, 0xBF) ? 3 : 0;
        ByteBuffer content = ByteBuffer.wrap(bytes, start, bytes.length - start);
        try {
            return Optional.of(normalized(
                    StandardCharsets.UTF_8.newDecoder().decode(content).toString()));
        } catch (CharacterCodingException _) {
            return Optional.of(normalized(new String(bytes, Charset.forName("windows-1252"))));
        }
    }

    /** A file name as git quotes it: bytes that are not UTF-8 become backslash and three octal digits. */
    static String decodePath(byte[] path) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(path))
                    .toString();
        } catch (CharacterCodingException _) {
            StringBuilder shown = new StringBuilder();
            for (byte each : path) {
                if (each >= 0) {
                    shown.append((char) each);
                } else {
                    shown.append("\\%03o".formatted(each & 0xFF));
                }
            }
            return shown.toString();
        }
    }

    private static String normalized(String text) {
        return text.replace("\r\n", "\n").replace('\r', '\n').replace("\0", "");
    }

    private static boolean startsWith(byte[] bytes, int... head) {
        if (bytes.length < head.length) {
            return false;
        }
        for (int index = 0; index < head.length; index++) {
            if ((bytes[index] & 0xFF) != head[index]) {
                return false;
            }
        }
        return true;
    }
}
