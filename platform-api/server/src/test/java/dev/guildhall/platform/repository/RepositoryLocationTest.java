package dev.guildhall.platform.repository;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RepositoryLocationTest {

    private static final List<Path> ANYWHERE = List.of(Path.of("/"));

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://git.example.com/demo/till.git",
                "http://127.0.0.1:3000/demo/till",
                "ssh://git@git.example.com:2222/demo/till.git",
                "git://git.example.com/till.git",
                "git@git.example.com:demo/till.git"
            })
    void urlsAreTaken(String location) {
        assertThat(RepositoryLocation.checked(location, ANYWHERE)).isEqualTo(location);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "ext::sh -c id",
                "--upload-pack=id",
                "-x",
                "till",
                "../till",
                "file:///etc",
                "https:///path",
                "ssh://-oProxyCommand=id/x",
                "git@-oProxyCommand=id:x",
                "https://git.example.com/till?x=1",
                "ftp://git.example.com/till",
                "https://git.example.com/a b",
                "/etc/passwd",
                "/does/not/exist"
            })
    void whatGitCouldMisunderstandIsRefused(String location) {
        assertThatThrownBy(() -> RepositoryLocation.checked(location, ANYWHERE))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://kim:hunter2@git.example.com/till.git",
                "https://hunter2@git.example.com/till.git",
                "ssh://kim:hunter2@git.example.com/till.git",
                "https://kim:hunter2@git.example.com/ill egal"
            })
    void credentialsAreRefusedAndNotRepeated(String location) {
        assertThatThrownBy(() -> RepositoryLocation.checked(location, ANYWHERE))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageNotContaining("hunter2");
    }

    @Test
    void directoriesAreTakenUnderTheRootsOnly(@TempDir Path directory) {
        assertThat(RepositoryLocation.checked(directory + "/./", ANYWHERE)).isEqualTo(directory.toString());
        assertThat(RepositoryLocation.checked(directory.toString(), List.of(directory)))
                .isEqualTo(directory.toString());
        assertThatThrownBy(() -> RepositoryLocation.checked(directory + "/..", List.of(directory)))
                .hasMessageContaining("guildhall.repository.local-roots");
    }
}
