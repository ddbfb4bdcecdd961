package dev.guildhall.indexer.store;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** Identifies a text together with the language that decides how it is cut; SHA-256, since SHA-1 can be forged. */
public record ContentKey(String sha256, String language) {

    public static ContentKey of(String text, String language) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return new ContentKey(HexFormat.of().formatHex(digest), language);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java runtime has SHA-256", e);
        }
    }

    byte[] bytes() {
        return HexFormat.of().parseHex(sha256);
    }
}
