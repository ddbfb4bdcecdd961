package dev.guildhall.indexer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.guildhall.indexer.chunk.ChunkSettings;
import dev.guildhall.indexer.embed.EmbedSettings;
import dev.guildhall.indexer.source.SourceSettings;
import dev.guildhall.indexer.store.StoreSettings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;
import org.springframework.util.unit.DataSize;

class SettingsTest {

    private static <T> T bind(String prefix, Class<T> type, Map<String, String> values) {
        return new Binder(new MapConfigurationPropertySource(values)).bindOrCreate(prefix, type);
    }

    @Test
    void whatIsNotConfiguredHasTheseValues() {
        assertThat(bind("guildhall.indexer.chunk", ChunkSettings.class, Map.of()))
                .isEqualTo(new ChunkSettings(420, Duration.ofSeconds(2)));
        assertThat(bind("guildhall.indexer.store", StoreSettings.class, Map.of()))
                .isEqualTo(new StoreSettings(100));
        assertThat(bind("s", SourceSettings.class, Map.of("s.mirrors", "/m")))
                .isEqualTo(new SourceSettings(
                        Path.of("/m"),
                        Duration.ofSeconds(60),
                        Duration.ofMinutes(30),
                        DataSize.ofGigabytes(20),
                        DataSize.ofKilobytes(512),
                        100_000));
    }

    @Test
    void everyKeyIsRead() {
        assertThat(bind(
                        "e",
                        EmbedSettings.class,
                        Map.of(
                                "e.model", "m",
                                "e.dimensions", "384",
                                "e.query-prefix", "q: ",
                                "e.batch-size", "2",
                                "e.wait-first", "1s",
                                "e.wait-max", "2s",
                                "e.patience", "3s",
                                "e.query-timeout", "4s")))
                .isEqualTo(new EmbedSettings(
                        "m",
                        384,
                        "q: ",
                        2,
                        Duration.ofSeconds(1),
                        Duration.ofSeconds(2),
                        Duration.ofSeconds(3),
                        Duration.ofSeconds(4)));
    }
}
