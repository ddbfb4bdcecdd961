package dev.guildhall.engine.cache;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** SHA-256 over a scope and all tokens of some blocks: what stands for them wherever they are looked for. */
public record ChainKey(long a, long b, long c, long d) {

    /** The key of no block at all. */
    static ChainKey of(CacheScope scope) {
        MessageDigest digest = sha256();
        byte[] adapter = scope.adapter().getBytes(StandardCharsets.UTF_8);
        byte[] salt = scope.salt().getBytes(StandardCharsets.UTF_8);
        digest.update(ByteBuffer.allocate(16)
                .putDouble(scope.ropeFactor())
                .putInt(adapter.length)
                .putInt(salt.length)
                .array());
        digest.update(adapter);
        digest.update(salt);
        return of(digest);
    }

    /** The key of these blocks and one more, of the tokens from {@code from} to {@code to}. */
    ChainKey then(int[] tokens, int from, int to) {
        ByteBuffer bytes = ByteBuffer.allocate(32 + 4 * (to - from));
        bytes.putLong(a).putLong(b).putLong(c).putLong(d);
        for (int i = from; i < to; i++) {
            bytes.putInt(tokens[i]);
        }
        MessageDigest digest = sha256();
        digest.update(bytes.flip());
        return of(digest);
    }

    private static ChainKey of(MessageDigest digest) {
        ByteBuffer bytes = ByteBuffer.wrap(digest.digest());
        return new ChainKey(bytes.getLong(), bytes.getLong(), bytes.getLong(), bytes.getLong());
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
