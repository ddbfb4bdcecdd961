package dev.guildhall.inference.catalogue;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * Where model files are kept, and how they are fetched.
 *
 * @param directory where they are kept
 * @param sourceDirectories directories that are looked into before any other source
 * @param hub address of the model hub, or of a company's mirror of one
 * @param pipCommand the words that start pip; empty: pip3, pip or python3 -m pip, whichever is there
 * @param connectTimeout after which a source counts as unreachable
 * @param stallTimeout without a byte, after which a connection counts as cut
 * @param retryDelay before a cut download goes on
 * @param attemptsMax attempts in a row that bring nothing
 * @param partsAtOnce packages that are fetched side by side
 * @param partTimeout most time for one package
 */
@Validated
@ConfigurationProperties(prefix = "guildhall.models", ignoreUnknownFields = false)
record ModelsSettings(
        Path directory,
        @DefaultValue("") List<Path> sourceDirectories,
        @DefaultValue("https://huggingface.co") URI hub,
        @DefaultValue("") String pipCommand,
        @DefaultValue("5s") Duration connectTimeout,
        @DefaultValue("30s") Duration stallTimeout,
        @DefaultValue("1s") Duration retryDelay,
        @DefaultValue("5") @Min(1) @Max(100) int attemptsMax,
        @DefaultValue("2") @Min(1) @Max(8) int partsAtOnce,
        @DefaultValue("15m") Duration partTimeout) {

    ModelsSettings {
        sourceDirectories = sourceDirectories.stream()
                .filter(path -> !path.toString().isEmpty())
                .toList();
    }

    /** The same defaults and environment as the node's configuration, for the command that runs without it. */
    static ModelsSettings of(Map<String, String> environment, Path home) {
        return new ModelsSettings(
                Path.of(environment.getOrDefault(
                        "GUILDHALL_MODELS_DIR",
                        home.resolve(".cache/guildhall/models").toString())),
                Stream.of(environment
                                .getOrDefault("GUILDHALL_MODELS_SOURCE_DIRECTORIES", "")
                                .split(","))
                        .map(Path::of)
                        .toList(),
                URI.create(environment.getOrDefault("GUILDHALL_MODELS_HUB", "https://huggingface.co")),
                environment.getOrDefault("GUILDHALL_PIP_COMMAND", ""),
                Duration.ofSeconds(5),
                Duration.ofSeconds(30),
                Duration.ofSeconds(1),
                5,
                2,
                Duration.ofMinutes(15));
    }

    ModelsSettings withDirectory(Path other) {
        return new ModelsSettings(
                other,
                sourceDirectories,
                hub,
                pipCommand,
                connectTimeout,
                stallTimeout,
                retryDelay,
                attemptsMax,
                partsAtOnce,
                partTimeout);
    }
}
