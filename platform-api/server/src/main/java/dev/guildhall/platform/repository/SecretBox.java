package dev.guildhall.platform.repository;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.UUID;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/** Encrypts webhook secrets for the database: AES-256-GCM, bound to the repository that they belong to. */
final class SecretBox {

    private static final String ALGORITHM = "AES/GCM/NoPadding";
    private static final int NONCE_BYTES = 12;
    private static final int TAG_BITS = 128;

    private final SecretKeySpec key;
    private final SecureRandom random;

    SecretBox(String base64Key, SecureRandom random) {
        this.key = new SecretKeySpec(Base64.getDecoder().decode(base64Key), "AES");
        this.random = random;
    }

    /** Nonce, ciphertext and tag. */
    byte[] seal(UUID repositoryId, String secret) {
        byte[] nonce = new byte[NONCE_BYTES];
        random.nextBytes(nonce);
        byte[] sealed = run(Cipher.ENCRYPT_MODE, repositoryId, nonce, secret.getBytes(StandardCharsets.UTF_8));
        return ByteBuffer.allocate(nonce.length + sealed.length)
                .put(nonce)
                .put(sealed)
                .array();
    }

    String open(UUID repositoryId, byte[] box) {
        ByteBuffer buffer = ByteBuffer.wrap(box);
        byte[] nonce = new byte[NONCE_BYTES];
        buffer.get(nonce);
        byte[] sealed = new byte[buffer.remaining()];
        buffer.get(sealed);
        return new String(run(Cipher.DECRYPT_MODE, repositoryId, nonce, sealed), StandardCharsets.UTF_8);
    }

    private byte[] run(int mode, UUID repositoryId, byte[] nonce, byte[] input) {
        try {
            Cipher cipher = Cipher.getInstance(ALGORITHM);
            cipher.init(mode, key, new GCMParameterSpec(TAG_BITS, nonce));
            cipher.updateAAD(repositoryId.toString().getBytes(StandardCharsets.UTF_8));
            return cipher.doFinal(input);
        } catch (GeneralSecurityException exception) {
            throw new IllegalStateException(
                    "the webhook secret of repository %s cannot be %s: is GUILDHALL_SECRET_KEY the one it was stored under?"
                            .formatted(repositoryId, mode == Cipher.ENCRYPT_MODE ? "encrypted" : "decrypted"),
                    exception);
        }
    }
}
