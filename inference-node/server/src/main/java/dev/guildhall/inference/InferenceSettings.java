package dev.guildhall.inference;

import jakarta.validation.constraints.AssertTrue;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.Pattern;
import java.util.List;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;
import org.springframework.validation.annotation.Validated;

/**
 * What this node serves, and to whom.
 *
 * @param issuer address of the realm whose access tokens are taken; empty: only API keys are
 * @param apiKeySha256 SHA-256 of each API key that is taken, in hexadecimal
 * @param requestSizeMax largest request body
 * @param model the language model: a name of the catalogue, or the path of a {@code .gguf} file
 * @param contextTokens most tokens, prompt and answer together, of one request to the language model
 */
@Validated
@ConfigurationProperties(prefix = "guildhall.inference", ignoreUnknownFields = false)
public record InferenceSettings(
        @DefaultValue("") String issuer,

        @DefaultValue("")
        List<@Pattern(regexp = "[0-9a-fA-F]{64}", message = "is not 64 hexadecimal digits") String> apiKeySha256,

        @DefaultValue("8MB") DataSize requestSizeMax,
        @DefaultValue("qwen2.5-coder-1.5b") @NotBlank String model,
        @DefaultValue("16384") @Min(256) @Max(1_048_576) int contextTokens) {

    public InferenceSettings {
        apiKeySha256 = apiKeySha256.stream().filter(key -> !key.isBlank()).toList();
    }

    @AssertTrue(
            message = "nobody could call this node: set guildhall.inference.issuer (GUILDHALL_ISSUER) or"
                    + " guildhall.inference.api-key-sha256 (GUILDHALL_API_KEY_SHA256)")
    boolean isReachable() {
        return !issuer.isBlank() || !apiKeySha256.isEmpty();
    }

    @AssertTrue(message = "guildhall.inference.issuer is not an http or https address")
    boolean isIssuerAnAddress() {
        return issuer.isBlank() || issuer.startsWith("http://") || issuer.startsWith("https://");
    }

    @AssertTrue(message = "guildhall.inference.request-size-max is not between 64KB and 256MB")
    boolean isRequestSizeBounded() {
        return requestSizeMax.compareTo(DataSize.ofKilobytes(64)) >= 0
                && requestSizeMax.compareTo(DataSize.ofMegabytes(256)) <= 0;
    }
}
