package dev.guildhall.inference.catalogue;

import static dev.guildhall.inference.catalogue.TestModels.CONTENT;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HubProbeTest {

    private static final CatalogueModel ON_A_HUB = TestModels.model(new ModelSource.Hub("tiny/tiny"));

    @TempDir
    private Path directory;

    @Test
    void asksTheHubWithoutFetchingTheFile() throws Exception {
        try (FileServer hub = new FileServer(CONTENT)) {
            assertThat(probe(hub.address()).isObtainable(ON_A_HUB)).isTrue();
            assertThat(hub.requests).containsExactly("/tiny/tiny/resolve/main/tiny.gguf");
        }
    }

    @Test
    void aHubThatRefusesOrIsNotThereDoesNotCount() throws Exception {
        URI gone;
        try (FileServer hub = new FileServer(CONTENT)) {
            gone = hub.address();
            hub.failures.set(1);
            hub.failureStatus = 404;
            assertThat(probe(gone).isObtainable(ON_A_HUB)).isFalse();
        }
        assertThat(probe(gone).isObtainable(ON_A_HUB)).isFalse();
    }

    @Test
    void aFileThatIsHereNeedsNoHub() throws Exception {
        Files.write(directory.resolve("tiny.gguf"), CONTENT);

        assertThat(probe(URI.create("http://127.0.0.1:1")).isObtainable(ON_A_HUB))
                .isTrue();
    }

    @Test
    void anotherSourceNeedsNoHub() throws Exception {
        CatalogueModel packaged =
                TestModels.model(new ModelSource.Hub("tiny/tiny"), new ModelSource.Directory(Path.of("/srv/models")));

        assertThat(probe(URI.create("http://127.0.0.1:1")).isObtainable(packaged))
                .isTrue();
    }

    private HubProbe probe(URI hub) throws IOException {
        ModelsSettings settings = ModelsSettings.of(Map.of("GUILDHALL_MODELS_HUB", hub.toString()), directory)
                .withDirectory(directory);
        return new HubProbe(new ModelFiles(new Catalogue(List.of(ON_A_HUB)), directory), settings);
    }
}
