package dev.guildhall.engine.tokenizer;

import java.util.Arrays;

/**
 * The 256 printable characters by which byte-level vocabularies write bytes: printable Latin-1 stands for itself, the
 * other bytes take the characters from U+0100 up, in order.
 */
public final class ByteAlphabet {

    private static final char[] CHARACTERS = new char[256];
    private static final short[] BYTES = new short[324];

    static {
        Arrays.fill(BYTES, (short) -1);
        char next = 256;
        for (int value = 0; value < 256; value++) {
            boolean printable = (value >= '!' && value <= '~') || (value >= 0xA1 && value != 0xAD);
            char character = printable ? (char) value : next++;
            CHARACTERS[value] = character;
            BYTES[character] = (short) value;
        }
    }

    private ByteAlphabet() {}

    public static char character(int unsignedByte) {
        return CHARACTERS[unsignedByte];
    }

    /** The bytes behind {@code written}, or an empty array when it holds a character outside the alphabet. */
    static byte[] bytes(String written) {
        byte[] bytes = new byte[written.length()];
        for (int i = 0; i < bytes.length; i++) {
            char character = written.charAt(i);
            if (character >= BYTES.length || BYTES[character] < 0) {
                return new byte[0];
            }
            bytes[i] = (byte) BYTES[character];
        }
        return bytes;
    }
}
