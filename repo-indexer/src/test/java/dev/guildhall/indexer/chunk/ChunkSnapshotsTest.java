package dev.guildhall.indexer.chunk;

import static org.assertj.core.api.Assertions.assertThat;

import dev.guildhall.contract.Languages;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * How sample files fall into chunks, kept beside them as text to be read in a review.
 *
 * <p>With the environment variable {@code GUILDHALL_SNAPSHOTS=write} the snapshots are written anew.
 */
class ChunkSnapshotsTest {

    private static final Path SAMPLES = Path.of("src/test/resources/snapshots");
    private static final String SUFFIX = ".chunks";

    private final Chunker chunker = new Chunker(new ChunkSettings(160, Duration.ofSeconds(10)));

    static List<Path> samples() throws IOException {
        try (Stream<Path> files = Files.list(SAMPLES)) {
            return files.filter(file -> !file.toString().endsWith(SUFFIX))
                    .sorted()
                    .toList();
        }
    }

    @ParameterizedTest
    @MethodSource("samples")
    void fileFallsIntoItsChunks(Path sample) throws IOException {
        String text = Files.readString(sample);
        List<SourceChunk> chunks = chunker.chunk(Languages.of(sample.toString()), text);
        String rendered = chunks.stream().map(ChunkSnapshotsTest::rendered).collect(Collectors.joining("\n"));
        Path snapshot = sample.resolveSibling(sample.getFileName() + SUFFIX);
        if ("write".equals(System.getenv("GUILDHALL_SNAPSHOTS"))) {
            Files.writeString(snapshot, rendered);
        }

        assertThat(rendered).isEqualTo(Files.readString(snapshot));
        assertThat(chunks).allSatisfy(chunk -> {
            assertThat(TokenEstimate.of(chunk.embeddingText())).isLessThanOrEqualTo(160);
            assertThat(text.lines().toList().subList(chunk.startLine() - 1, chunk.endLine()))
                    .isEqualTo(chunk.content().lines().toList());
        });
        assertThat(chunks).isSortedAccordingTo((a, b) -> a.startLine() - b.startLine());
    }

    private static String rendered(SourceChunk chunk) {
        return "=== %d-%d %s %s\n%sdefines %s\nuses %s\n%s\n"
                .formatted(
                        chunk.startLine(),
                        chunk.endLine(),
                        chunk.kind(),
                        chunk.symbol(),
                        chunk.scope().lines().map(line -> "in " + line + "\n").collect(Collectors.joining()),
                        chunk.definedNames(),
                        chunk.usedNames(),
                        chunk.content());
    }
}
