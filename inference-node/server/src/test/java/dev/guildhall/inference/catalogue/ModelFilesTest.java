package dev.guildhall.inference.catalogue;

import static dev.guildhall.inference.catalogue.TestModels.CONTENT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.guildhall.inference.catalogue.ModelFiles.State;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelFilesTest {

    @TempDir
    private Path directory;

    private final CatalogueModel model = TestModels.model();
    private ModelFiles files;
    private Path path;

    @BeforeEach
    void open() {
        files = new ModelFiles(new Catalogue(List.of(model)), directory);
        path = directory.resolve("tiny.gguf");
    }

    @Test
    void handsOutAVerifiedFile() throws IOException {
        Files.write(path, CONTENT);

        assertThat(files.require("tiny")).isEqualTo(path);
        assertThat(files.state(model)).isEqualTo(State.PRESENT);
    }

    @Test
    void handsOutAnyFileByItsPath() throws IOException {
        Path own = Files.write(directory.resolve("own.gguf"), new byte[] {1});

        assertThat(files.require(own.toString())).isEqualTo(own);
    }

    @Test
    void saysWhatThereIsWhereAModelIsUnknown() {
        assertThatThrownBy(() -> files.require("large"))
                .isInstanceOf(ModelFileException.class)
                .hasMessage("'large' is neither a file nor a model of the catalogue, which has tiny");
    }

    @Test
    void saysHowToFetchAMissingFile() {
        assertThatThrownBy(() -> files.require("tiny")).hasMessageContaining("guildhall model pull tiny");
        assertThat(files.state(model)).isEqualTo(State.ABSENT);
    }

    @Test
    void refusesAFileThatIsCutShort() throws IOException {
        Files.write(path, Arrays.copyOf(CONTENT, 299_999));

        assertThatThrownBy(() -> files.require("tiny"))
                .hasMessageContaining("tiny.gguf is refused: it is cut short: 299,999 of 300,000 bytes");
        assertThat(files.state(model)).isEqualTo(State.WRONG);
    }

    @Test
    void refusesAFileThatChangedAfterItWasVerified() throws IOException {
        Files.write(path, CONTENT);
        files.require("tiny");
        byte[] changed = CONTENT.clone();
        changed[77]++;
        Files.write(path, changed);
        Files.setLastModifiedTime(path, FileTime.fromMillis(12_345));

        assertThatThrownBy(() -> files.require("tiny"))
                .hasMessageContaining(TestModels.sha256(changed))
                .hasMessageContaining(TestModels.sha256(CONTENT));
    }

    @Test
    void readsALargeFileThroughOnlyOnce() throws IOException {
        Files.write(path, CONTENT);
        files.require("tiny");
        FileTime verified = Files.getLastModifiedTime(path);
        byte[] changed = CONTENT.clone();
        changed[77]++;
        Files.write(path, changed);
        Files.setLastModifiedTime(path, verified);

        // Same size and time: the marker holds, and the bytes are not read again.
        assertThat(files.require("tiny")).isEqualTo(path);
    }

    @Test
    void removesTheFileAndWhatIsLeftOfADownload() throws IOException {
        Files.write(path, CONTENT);
        files.require("tiny");
        Files.write(directory.resolve("tiny.gguf.part"), new byte[3]);
        Files.createDirectories(directory.resolve("tiny.gguf.parts/001.work"));

        assertThat(files.remove(model)).isTrue();
        assertThat(directory).isEmptyDirectory();
        assertThat(files.remove(model)).isFalse();
    }

    @Test
    void knowsADownloadThatCanGoOn() throws IOException {
        Files.write(directory.resolve("tiny.gguf.part"), new byte[3]);

        assertThat(files.state(model)).isEqualTo(State.PARTIAL);
    }
}
