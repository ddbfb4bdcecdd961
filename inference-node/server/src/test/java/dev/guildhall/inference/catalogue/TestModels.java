package dev.guildhall.inference.catalogue;

import dev.guildhall.inference.catalogue.CatalogueModel.Kind;
import dev.guildhall.inference.catalogue.CatalogueModel.ModelFile;
import java.net.URI;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.springframework.util.unit.DataSize;

/** Sample models and settings. */
final class TestModels {

    /** 300 kB that no compressor makes smaller. */
    static final byte[] CONTENT = random(300_000, 1);

    private TestModels() {}

    static byte[] random(int bytes, long seed) {
        byte[] content = new byte[bytes];
        new Random(seed).nextBytes(content);
        return content;
    }

    static String sha256(byte[] content) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    static CatalogueModel model(ModelSource... sources) {
        ModelFile file = new ModelFile("tiny.gguf", CONTENT.length, sha256(CONTENT), List.of(sources));
        return new CatalogueModel(
                "tiny", "Tiny", "Apache-2.0", Kind.CHAT, "tests", file, DataSize.ofMegabytes(1), null, "");
    }

    static ModelSource at(URI address) {
        return new ModelSource.Address(address.resolve("/tiny.gguf"));
    }

    static ModelsSettings settings(Path directory) {
        return new ModelsSettings(
                directory,
                List.of(),
                URI.create("http://127.0.0.1:1"),
                "",
                Duration.ofSeconds(2),
                Duration.ofMillis(400),
                Duration.ofMillis(1),
                3,
                2,
                Duration.ofSeconds(20));
    }

    /** Keeps what it hears. */
    static final class Heard implements DownloadProgress {

        final List<String> messages = new ArrayList<>();
        final List<Long> bytes = new ArrayList<>();

        @Override
        public synchronized void moved(String model, long bytesDone, long bytesTotal, long bytesPerSecond) {
            bytes.add(bytesDone);
        }

        @Override
        public synchronized void said(String message) {
            messages.add(message);
        }
    }
}
