package dev.guildhall.platform.webhook;

import java.nio.charset.StandardCharsets;
import java.security.InvalidKeyException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;
import java.util.regex.Pattern;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/** An HMAC-SHA256 over a webhook's raw body, as the header carries it: {@code sha256=<64 hexadecimal digits>}. */
final class Signature {

    private static final String ALGORITHM = "HmacSHA256";
    private static final Pattern HEADER = Pattern.compile("sha256=([0-9a-fA-F]{64})");

    private final byte[] value;

    private Signature(byte[] value) {
        this.value = value;
    }

    /** Absent where the header is missing or does not look like a signature. */
    static Optional<Signature> parse(@Nullable String header) {
        return Optional.ofNullable(header)
                .map(HEADER::matcher)
                .filter(matcher -> matcher.matches())
                .map(matcher -> new Signature(HexFormat.of().parseHex(matcher.group(1))));
    }

    static Signature of(byte[] body, String secret) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), ALGORITHM));
            return new Signature(mac.doFinal(body));
        } catch (NoSuchAlgorithmException | InvalidKeyException exception) {
            throw new IllegalStateException("every Java runtime has " + ALGORITHM, exception);
        }
    }

    /** Takes the same time wherever the two differ. */
    boolean matches(Signature other) {
        return MessageDigest.isEqual(value, other.value);
    }

    String header() {
        return "sha256=" + HexFormat.of().formatHex(value);
    }
}
