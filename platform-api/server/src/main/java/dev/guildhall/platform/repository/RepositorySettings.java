package dev.guildhall.platform.repository;

import jakarta.validation.constraints.AssertTrue;
import jakarta.validation.constraints.NotEmpty;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.validation.annotation.Validated;

/**
 * @param secretKey 32 bytes in base64, under which webhook secrets are encrypted in the database
 * @param localRoots directories under which a repository on this machine's disk may lie
 */
@Validated
@ConfigurationProperties(prefix = "guildhall.repository", ignoreUnknownFields = false)
record RepositorySettings(String secretKey, @NotEmpty List<String> localRoots) {

    RepositorySettings {
        localRoots = List.copyOf(localRoots);
    }

    @AssertTrue(
            message =
                    "secret-key is not 32 bytes in base64: set GUILDHALL_SECRET_KEY, as from `openssl rand -base64 32`")
    boolean isSecretKeyUsable() {
        try {
            return Base64.getDecoder().decode(secretKey).length == 32;
        } catch (IllegalArgumentException exception) {
            return false;
        }
    }

    /** Not bound as paths: Spring takes a leading slash for the root of the web application. */
    List<Path> localRootPaths() {
        return localRoots.stream().map(Path::of).toList();
    }

    @Override
    public String toString() {
        return "RepositorySettings[localRoots=" + localRoots + "]";
    }
}
