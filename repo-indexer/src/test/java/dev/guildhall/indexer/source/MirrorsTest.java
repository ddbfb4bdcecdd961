package dev.guildhall.indexer.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.guildhall.contract.RepositoryRef;
import dev.guildhall.indexer.TestRepository;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.UUID;
import org.eclipse.jgit.lib.CommitBuilder;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.FileMode;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.PersonIdent;
import org.eclipse.jgit.lib.TreeFormatter;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.util.unit.DataSize;

class MirrorsTest {

    @TempDir
    Path directory;

    private TestRepository repository;
    private Mirrors mirrors;

    @BeforeEach
    void create() throws Exception {
        repository = new TestRepository(Files.createDirectory(directory.resolve("a repository")));
        mirrors = new Mirrors(settings(1_000));
    }

    @AfterEach
    void close() {
        repository.close();
    }

    private SourceSettings settings(int filesMax) {
        return new SourceSettings(
                directory.resolve("mirrors"),
                Duration.ofSeconds(10),
                Duration.ofMinutes(1),
                DataSize.ofMegabytes(100),
                DataSize.ofKilobytes(4),
                filesMax);
    }

    private Path mirrorDirectory() {
        return directory.resolve("mirrors").resolve(repository.id() + ".git");
    }

    private Listing listing() throws UnreadableRepositoryException {
        try (Mirror mirror = mirrors.refresh(repository.ref())) {
            return mirror.listing(mirror.head("main").orElseThrow());
        }
    }

    @Test
    void followsABranchThroughAForcedPush() throws Exception {
        repository.write("a.txt", "one\n").commit("One");
        listing();
        repository.write("a.txt", "two\n").commit("Two");
        repository
                .git()
                .commit()
                .setAmend(true)
                .setMessage("Three")
                .setSign(false)
                .call();

        try (Mirror mirror = mirrors.refresh(repository.ref())) {
            assertThat(mirror.head("main").orElseThrow().value())
                    .isEqualTo(
                            ObjectId.toString(repository.git().getRepository().resolve("main")));
            SourceFile file = mirror.listing(mirror.head("refs/heads/main").orElseThrow())
                    .files()
                    .getFirst();
            assertThat(mirror.read(file)).isEqualTo(new SourceContent.Text("two\n"));
        }
    }

    @Test
    void linksAndSubmodulesAreNotFollowed() throws Exception {
        Files.createSymbolicLink(repository.directory().resolve("passwords"), Path.of("/etc/passwd"));
        repository.write("a.txt", "text\n").commit("Link");

        Listing listing = listing();

        assertThat(listing.files()).extracting(SourceFile::path).containsExactly("a.txt");
        assertThat(listing.skipped()).containsEntry(SkipReason.LINK, 1);
    }

    @Test
    void whatIsTooLargeIsSkippedAndCounted() throws Exception {
        repository
                .write("big.txt", "x\n".repeat(4_000))
                .write("small.txt", "x\n")
                .commit("Big");

        assertThat(listing().skipped()).containsEntry(SkipReason.TOO_LARGE, 1);
    }

    @Test
    void tooManyFilesAreRefusedByName() throws Exception {
        mirrors = new Mirrors(settings(1));
        repository.write("a.txt", "a\n").write("b.txt", "b\n").commit("Two");

        assertThatThrownBy(this::listing)
                .isInstanceOf(UnreadableRepositoryException.class)
                .hasMessageContaining("more than 1 files");
    }

    @Test
    void aRepositoryThatBorrowsObjectsIsRefused() throws Exception {
        repository.write("a.txt", "a\n").commit("One");
        repository.write(".git/objects/info/alternates", "/srv/secrets/.git/objects\n");

        assertThatThrownBy(() -> mirrors.refresh(repository.ref()))
                .isInstanceOf(UnreadableRepositoryException.class)
                .hasMessageContaining("objects/info/alternates");
    }

    @Test
    void locationsThatAreNoneAreRefused() {
        for (String location :
                new String[] {"relative/path", "/not/there", "ssh://host/x", "https://u:p@host/x", "ext::sh"}) {
            RepositoryRef ref =
                    new RepositoryRef(UUID.randomUUID(), "demo/x", RepositoryRef.Forge.GIT, location, "main");
            assertThatThrownBy(() -> mirrors.refresh(ref))
                    .as(location)
                    .isInstanceOf(UnreadableRepositoryException.class);
        }
        assertThat(directory.resolve("mirrors")).isEmptyDirectory();
    }

    @Test
    void locksAndRubbishOfAKilledProcessDoNotStopTheNext() throws Exception {
        repository.write("a.txt", "one\n").commit("One");
        listing();
        Files.writeString(mirrorDirectory().resolve("refs/heads/main.lock"), "");
        Files.writeString(mirrorDirectory().resolve("packed-refs.lock"), "");
        repository.write("b.txt", "two\n").commit("Two");

        assertThat(listing().files()).hasSize(2);
    }

    @Test
    void aMirrorThatIsBrokenIsClonedAnew() throws Exception {
        repository.write("a.txt", "one\n").commit("One");
        listing();
        Files.writeString(mirrorDirectory().resolve("config"), "[core\nthis is no configuration");
        Files.delete(mirrorDirectory().resolve(Constants.HEAD));
        repository.write("b.txt", "two\n").commit("Two");

        assertThat(listing().files()).hasSize(2);
    }

    @Test
    void sweepingKeepsWhatIsWanted() throws Exception {
        repository.write("a.txt", "one\n").commit("One");
        listing();
        Files.createDirectory(directory.resolve("mirrors/" + UUID.randomUUID() + ".git"));
        Files.createDirectory(directory.resolve("mirrors/" + repository.id() + ".cloning-x"));

        mirrors.sweep(repository.id()::equals);

        assertThat(directory.resolve("mirrors")).isDirectoryContaining(mirrorDirectory()::equals);
        try (var children = Files.list(directory.resolve("mirrors"))) {
            assertThat(children).hasSize(1);
        }
    }

    @Test
    void namesThatAreNotUtf8AreListed() throws Exception {
        var objects = repository.git().getRepository().newObjectInserter();
        var blob = objects.insert(Constants.OBJ_BLOB, "text\n".getBytes(StandardCharsets.UTF_8));
        var tree = new TreeFormatter();
        byte[] name = "caf\u00e9.txt".getBytes(StandardCharsets.ISO_8859_1);
        tree.append(name, 0, name.length, FileMode.REGULAR_FILE, blob);
        var commit = new CommitBuilder();
        commit.setTreeId(objects.insert(tree));
        var author = new PersonIdent("Test", "test@example.org");
        commit.setAuthor(author);
        commit.setCommitter(author);
        commit.setMessage("Odd name");
        var id = objects.insert(commit);
        objects.flush();
        var update = repository.git().getRepository().updateRef("refs/heads/main");
        update.setNewObjectId(id);
        update.update();

        assertThat(listing().files()).extracting(SourceFile::path).containsExactly("caf\\351.txt");
    }
}
