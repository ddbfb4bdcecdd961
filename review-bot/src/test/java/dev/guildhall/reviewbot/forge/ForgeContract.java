package dev.guildhall.reviewbot.forge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.guildhall.contract.CommitId;
import dev.guildhall.contract.RepositoryRef;
import dev.guildhall.contract.Revision;
import dev.guildhall.contract.review.ReviewedFile.Change;
import dev.guildhall.reviewbot.pullrequest.Diff;
import dev.guildhall.reviewbot.pullrequest.FileDiff;
import dev.guildhall.reviewbot.pullrequest.Line;
import dev.guildhall.reviewbot.pullrequest.UnifiedPatch;
import dev.guildhall.reviewbot.testing.SourceRepository;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.eclipse.jgit.lib.FileMode;
import org.eclipse.jgit.util.FileUtils;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.util.unit.DataSize;

/** What every forge has to do; each adapter's test runs all of it. */
public abstract class ForgeContract {

    private static final DiffLimits LIMITS =
            new DiffLimits(300, 2_000, DataSize.ofMegabytes(2), DataSize.ofMegabytes(64), 3);

    @TempDir
    protected Path directory;

    private SourceRepository source;
    private Forge forge;

    /** The forge under test, which keeps what it must in the given directory. */
    protected abstract Forge forge(Path state);

    @BeforeEach
    void open() {
        source = SourceRepository.at(directory.resolve("source.git"));
        forge = forge(directory.resolve("state"));
    }

    @AfterEach
    void close() {
        source.close();
    }

    @Test
    void diffIsTakenFromTheMergeBase() throws Exception {
        Revision fork = source.commitOn().file("a.txt", "1\n2\n3\n").to("main");
        Revision head = source.commitOn(fork).file("a.txt", "1\n2\nthree\n").to("feature");
        Revision base = source.commitOn(fork).file("b.txt", "of main\n").to("main");

        Diff diff = diff(base, head);

        assertThat(diff.commonAncestor()).isTrue();
        assertThat(diff.files()).singleElement().satisfies(file -> {
            assertThat(file.path()).isEqualTo("a.txt");
            assertThat(file.change()).isEqualTo(Change.MODIFIED);
            assertThat(file.linesAdded()).isEqualTo(1);
            assertThat(file.linesRemoved()).isEqualTo(1);
            assertThat(UnifiedPatch.render(file, 1_000)).hasValue("@@ -1,3 +1,3 @@\n 1\n 2\n-3\n+three\n");
        });
    }

    @Test
    void editsFarApartAreHunksOfTheirOwn() throws Exception {
        String before = numbers(40, -1);
        Revision base = source.commitOn().file("a.txt", before).to("main");
        Revision head = source.commitOn(base)
                .file("a.txt", before.replace("\n5\n", "\nfive\n").replace("\n30\n", "\nthirty\n"))
                .to("feature");

        FileDiff file = diff(base, head).files().getFirst();

        assertThat(file.hunks()).hasSizeGreaterThan(1).last().satisfies(hunk -> {
            assertThat(hunk.newStart()).isEqualTo(27);
            assertThat(hunk.newCount()).isEqualTo(7);
        });
        assertThat(file.addedLines().map(Line::newNumber)).contains(5, 30);
    }

    @Test
    void renameIsFoundWithItsChange() throws Exception {
        String text = numbers(30, -1);
        Revision base = source.commitOn()
                .file("old.txt", text)
                .file("same.txt", text + "x")
                .to("main");
        Revision head = source.commitOn(base)
                .delete("old.txt")
                .file("new.txt", text.replace("7\n", "seven\n"))
                .delete("same.txt")
                .file("moved.txt", text + "x")
                .to("feature");

        assertThat(diff(base, head).files())
                .extracting(FileDiff::change, FileDiff::oldPath, FileDiff::path)
                .containsExactlyInAnyOrder(
                        tuple(Change.RENAMED, "old.txt", "new.txt"), tuple(Change.RENAMED, "same.txt", "moved.txt"));
        assertThat(reason(base, head, "moved.txt")).isEqualTo("renamed, content unchanged");
    }

    @Test
    void whatHasNoLinesSaysWhy() throws Exception {
        Revision base = source.commitOn()
                .file("logo.png", new byte[] {1, 0, 2})
                .file("run.sh", "true\n")
                .file("gone.txt", "1\n")
                .to("main");
        Revision head = source.commitOn(base)
                .file("logo.png", new byte[] {1, 0, 3})
                .file(
                        "run.sh".getBytes(StandardCharsets.UTF_8),
                        FileMode.EXECUTABLE_FILE,
                        "true\n".getBytes(StandardCharsets.UTF_8))
                .file(
                        "link".getBytes(StandardCharsets.UTF_8),
                        FileMode.SYMLINK,
                        "/etc/passwd".getBytes(StandardCharsets.UTF_8))
                .file("empty.txt", "")
                .submodule("library", "1234567890123456789012345678901234567890")
                .delete("gone.txt")
                .to("feature");

        assertThat(reason(base, head, "logo.png")).isEqualTo("binary file");
        assertThat(reason(base, head, "run.sh")).startsWith("only the file mode changed");
        assertThat(reason(base, head, "link")).isEqualTo("symbolic link");
        assertThat(reason(base, head, "empty.txt")).isEqualTo("empty file");
        assertThat(reason(base, head, "library")).startsWith("submodule");
        assertThat(diff(base, head).files())
                .filteredOn(file -> file.path().equals("gone.txt"))
                .extracting(FileDiff::change)
                .containsExactly(Change.DELETED);
    }

    @Test
    void emptyDiffHasNoFiles() throws Exception {
        Revision base = source.commitOn().file("a.txt", "1\n").to("main");
        Revision head = source.commitOn(base).to("feature");

        assertThat(diff(base, head).files()).isEmpty();
    }

    @Test
    void bytesThatAreNotUtf8AreShownAsReplacements() throws Exception {
        byte[] name = {'s', (byte) 0xe9, '.', 'p', 'y'};
        Revision base = source.commitOn().file("a.txt", "1\n").to("main");
        Revision head = source.commitOn(base)
                .file(name, FileMode.REGULAR_FILE, new byte[] {'x', ' ', '=', ' ', (byte) 0xff, '\n', 'y', '\n'})
                .to("feature");

        assertThat(diff(base, head).files()).singleElement().satisfies(file -> {
            assertThat(file.path()).isEqualTo("s\uFFFD.py");
            assertThat(file.addedLines().map(Line::text)).containsExactly("x = \uFFFD", "y");
            assertThat(file.content())
                    .isInstanceOfSatisfying(
                            FileDiff.Content.Text.class,
                            text -> assertThat(text.undecodableLines()).isEqualTo(1));
        });
    }

    @Test
    void fiftyThousandChangedLinesAreRead() throws Exception {
        Revision base = source.commitOn().file("big.txt", numbers(50_000, 0)).to("main");
        Revision head =
                source.commitOn(base).file("big.txt", numbers(50_000, 1)).to("feature");

        assertThat(diff(base, head).files()).singleElement().satisfies(file -> {
            assertThat(file.linesAdded()).isEqualTo(50_000);
            assertThat(file.linesRemoved()).isEqualTo(50_000);
        });
    }

    @Test
    void limitsAreNamedWhereTheyBite() throws Exception {
        Revision base = source.commitOn().file("a.txt", "1\n").to("main");
        Revision head = source.commitOn(base)
                .file("b.txt", "x".repeat(2_000))
                .file("c.txt", "1\n")
                .file("d.txt", "1\n")
                .file("e.txt", "1\n")
                .to("feature");

        DiffLimits limits = new DiffLimits(1, 3, DataSize.ofBytes(1_000), DataSize.ofMegabytes(1), 3);
        try (Forge.Checkout checkout = forge.fetch(source.described(), base, head, limits)) {
            assertThat(checkout.diff().filesUnlisted()).isEqualTo(1);
            assertThat(checkout.diff().files()).extracting(FileDiff::path).containsExactly("b.txt", "c.txt", "d.txt");
            assertThat(reason(checkout.diff(), "b.txt")).contains("2,000 bytes", "guildhall.diff.file-size-max");
            assertThat(reason(checkout.diff(), "d.txt")).contains("guildhall.diff.files-max");
        }
    }

    @Test
    void textsComeFromHeadAndFromTheDefaultBranch() throws Exception {
        Revision base = source.commitOn()
                .file(".guildhall.yml", "of main")
                .file("a.txt", "1\n")
                .to("main");
        Revision head = source.commitOn(base)
                .file(".guildhall.yml", "of the pull request")
                .file("a.txt", "2\n")
                .to("feature");

        try (Forge.Checkout checkout = forge.fetch(source.described(), base, head, LIMITS)) {
            assertThat(checkout.textOnDefaultBranch(".guildhall.yml", 100)).hasValue("of main");
            assertThat(checkout.textOnDefaultBranch(".guildhall.yml", 3)).isEmpty();
            assertThat(checkout.textOnDefaultBranch("absent", 100)).isEmpty();
            assertThat(checkout.textAtHead(checkout.diff().files().getLast())).hasValue("2\n");
        }
    }

    @Test
    void historiesWithoutACommonCommitAreComparedAsTheyAre() throws Exception {
        Revision base = source.commitOn().file("a.txt", "1\n").to("main");
        Revision head = source.commitOn().file("b.txt", "something else\n").to("feature");

        Diff diff = diff(base, head);

        assertThat(diff.commonAncestor()).isFalse();
        assertThat(diff.files()).extracting(FileDiff::path).containsExactly("a.txt", "b.txt");
    }

    @Test
    void vanishedRepositoryIsSaidToBeUnreadable() throws Exception {
        Revision base = source.commitOn().file("a.txt", "1\n").to("main");
        Revision head = source.commitOn(base).file("a.txt", "2\n").to("feature");
        diff(base, head);
        FileUtils.delete(source.directory().toFile(), FileUtils.RECURSIVE);

        assertThatThrownBy(() -> diff(base, head)).isInstanceOfSatisfying(ForgeException.class, e -> {
            assertThat(e.failure().code()).isEqualTo("repository-unreadable");
            assertThat(e.failure().message()).contains(source.directory().toString());
        });
    }

    @Test
    void unknownCommitIsNamed() {
        Revision base = source.commitOn().file("a.txt", "1\n").to("main");
        Revision head = new Revision("feature", new CommitId("1".repeat(40)));

        assertThatThrownBy(() -> diff(base, head))
                .isInstanceOfSatisfying(
                        ForgeException.class,
                        e -> assertThat(e.failure().code()).isEqualTo("commit-not-found"));
    }

    @Test
    void locationsThatAreNeitherPathNorUrlAreRefused() {
        Revision base = source.commitOn().file("a.txt", "1\n").to("main");
        RepositoryRef described = source.described();
        for (String location : new String[] {"relative/path", "ssh://host/x", "amazon-s3://bucket/x", "host:path"}) {
            RepositoryRef moved =
                    new RepositoryRef(described.id(), described.name(), described.forge(), location, "main");
            assertThatThrownBy(() -> forge.fetch(moved, base, base, LIMITS))
                    .as(location)
                    .isInstanceOfSatisfying(
                            ForgeException.class,
                            e -> assertThat(e.failure().code()).isEqualTo("repository-location-refused"));
        }
    }

    private Diff diff(Revision base, Revision head) throws ForgeException {
        try (Forge.Checkout checkout = forge.fetch(source.described(), base, head, LIMITS)) {
            return checkout.diff();
        }
    }

    private String reason(Revision base, Revision head, String path) throws ForgeException {
        return reason(diff(base, head), path);
    }

    private static String reason(Diff diff, String path) {
        return diff.files().stream()
                .filter(file -> file.path().equals(path))
                .map(FileDiff::content)
                .filter(FileDiff.Content.Unread.class::isInstance)
                .map(content -> ((FileDiff.Content.Unread) content).reason())
                .findFirst()
                .orElse("read");
    }

    private static String numbers(int count, int salt) {
        return IntStream.rangeClosed(1, count)
                .mapToObj(number -> salt < 0 ? number + "\n" : number + " " + salt + "\n")
                .collect(Collectors.joining());
    }
}
