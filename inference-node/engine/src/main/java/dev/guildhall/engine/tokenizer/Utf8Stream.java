package dev.guildhall.engine.tokenizer;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Turns bytes that arrive token by token into text, holding back a character until all its bytes are there. */
public final class Utf8Stream {

    private byte[] held = new byte[0];

    /** The characters that {@code bytes} completes. Bytes that can never become a character give U+FFFD. */
    public String accept(byte[] bytes) {
        byte[] all = Arrays.copyOf(held, held.length + bytes.length);
        System.arraycopy(bytes, 0, all, held.length, bytes.length);
        int complete = all.length - incompleteTail(all);
        held = Arrays.copyOfRange(all, complete, all.length);
        return new String(all, 0, complete, StandardCharsets.UTF_8);
    }

    /** What is left when nothing more comes: U+FFFD for a character that was cut, else nothing. */
    public String finish() {
        String rest = new String(held, StandardCharsets.UTF_8);
        held = new byte[0];
        return rest;
    }

    /** Bytes at the end that begin a character but do not complete it: 0 to 3. */
    private static int incompleteTail(byte[] bytes) {
        for (int back = 1; back <= Math.min(3, bytes.length); back++) {
            int value = bytes[bytes.length - back] & 0xFF;
            if (value < 0x80) {
                return 0;
            }
            if (value >= 0xC0) {
                int needed = value >= 0xF0 ? 4 : value >= 0xE0 ? 3 : 2;
                return needed > back ? back : 0;
            }
        }
        return 0;
    }
}
