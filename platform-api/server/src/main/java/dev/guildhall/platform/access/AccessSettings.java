package dev.guildhall.platform.access;

import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.Pattern;
import java.net.URI;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.validation.annotation.Validated;

/**
 * How callers prove who they are, and how this service does.
 *
 * @param issuer the Keycloak realm, as its tokens name it: {@code http://127.0.0.1:8180/realms/guildhall}
 * @param publicUrl where people's browsers reach this service, without a path
 * @param webClientId the realm's confidential client for signing people in
 * @param serviceClientId the realm's client for this service's own calls
 * @param apiKeySha256 SHA-256 of the platform's API key, in hexadecimal; empty where there is none
 */
@Validated
@ConfigurationProperties(prefix = "guildhall.access", ignoreUnknownFields = false)
record AccessSettings(
        @Pattern(regexp = URL, message = "must be an http or https URL: set GUILDHALL_ISSUER")
        String issuer,

        @Pattern(regexp = URL, message = "must be an http or https URL: set GUILDHALL_PUBLIC_URL")
        String publicUrl,

        @NotBlank(message = "is empty: set GUILDHALL_WEB_CLIENT_ID")
        String webClientId,

        @NotBlank(message = "is empty: set GUILDHALL_WEB_CLIENT_SECRET")
        String webClientSecret,

        @NotBlank(message = "is empty: set GUILDHALL_CLIENT_ID")
        String serviceClientId,

        @NotBlank(message = "is empty: set GUILDHALL_CLIENT_SECRET")
        String serviceClientSecret,

        @Pattern(
                regexp = "([0-9a-fA-F]{64})?",
                message = "is not 64 hexadecimal digits: set GUILDHALL_API_KEY_SHA256 to the key's SHA-256")
        String apiKeySha256) {

    private static final String URL = "https?://[^/\\s]+(/\\S*)?";

    AccessSettings {
        issuer = withoutSlash(issuer);
        publicUrl = withoutSlash(publicUrl);
    }

    String endpoint(String name) {
        return issuer + "/protocol/openid-connect/" + name;
    }

    /** Scheme, host and port of Keycloak. */
    String issuerOrigin() {
        URI uri = URI.create(issuer);
        return uri.getScheme() + "://" + uri.getAuthority();
    }

    private static String withoutSlash(String url) {
        return url.endsWith("/") ? url.substring(0, url.length() - 1) : url;
    }

    @Override
    public String toString() {
        return "AccessSettings[issuer=%s, publicUrl=%s]".formatted(issuer, publicUrl);
    }
}
