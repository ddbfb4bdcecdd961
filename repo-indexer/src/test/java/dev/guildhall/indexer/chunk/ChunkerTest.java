package dev.guildhall.indexer.chunk;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ChunkerTest {

    private static final int TOKENS_MAX = 420;
    private final Chunker chunker = new Chunker(new ChunkSettings(TOKENS_MAX, Duration.ofSeconds(5)));

    @Test
    void blankFilesHaveNoChunks() {
        assertThat(chunker.chunk("java", " \n\n")).isEmpty();
    }

    @Test
    void aShortFunctionIsNeverCut() {
        String function = "def total(orders):\n    return sum(order.cents for order in orders if order.paid)\n\n\n";
        List<SourceChunk> chunks = chunker.chunk("python", function.repeat(50));

        assertThat(chunks)
                .allSatisfy(chunk -> assertThat(chunk.content().strip())
                        .startsWith("def total")
                        .endsWith("order.paid)"));
    }

    @Test
    void aLongFunctionIsCutBetweenItsStatementsAndKeepsItsName() {
        String statements = IntStream.range(0, 200)
                .mapToObj(number -> """
                                if (order.cents() > %d) {
                                    ledger.book(order, %d);
                                }
                        """.formatted(number, number))
                .collect(Collectors.joining());
        String file = "class Till {\n    void settle(Order order) {\n" + statements + "    }\n}\n";

        List<SourceChunk> chunks = chunker.chunk("java", file);

        assertThat(chunks).hasSizeGreaterThan(5);
        List<SourceChunk> body = chunks.subList(1, chunks.size());
        assertThat(body).allSatisfy(chunk -> assertThat(chunk.symbol()).isEqualTo("Till.settle"));
        assertThat(body.subList(1, body.size()))
                .allSatisfy(chunk -> assertThat(chunk.content().strip()).startsWith("if ("))
                .allSatisfy(chunk ->
                        assertThat(chunk.scope()).contains("class Till").contains("void settle"));
    }

    @Test
    void everyLineThatSaysSomethingIsInSomeChunk() {
        String file = "/* head */\npackage a;\n\nclass A {\n\n    // lonely\n\n    int b;\n    // last\n}\n// tail\n";
        String joined =
                chunker.chunk("java", file).stream().map(SourceChunk::content).collect(Collectors.joining("\n"));

        assertThat(joined).contains("head", "package a", "class A", "lonely", "int b", "last", "tail");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"java", "python", "javascript", "typescript", "tsx", "jsx", "go", "markdown", "yaml", "text"})
    void anythingCanBeCut(String language) {
        Random random = new Random(7);
        String alphabet = "{}()[]<>;:,.\n\n  ab=\"'`/*#\\\t😀é\u0301@$ifclassdeffunc ";
        for (int round = 0; round < 12; round++) {
            String noise = random.ints(random.nextInt(3_000), 0, alphabet.length())
                    .mapToObj(index -> String.valueOf(alphabet.charAt(index)))
                    .collect(Collectors.joining());
            assertThat(chunker.chunk(language, noise))
                    .allSatisfy(chunk ->
                            assertThat(TokenEstimate.of(chunk.embeddingText())).isLessThanOrEqualTo(TOKENS_MAX));
        }
    }

    @Test
    void oneEndlessLineFallsApart() {
        List<SourceChunk> chunks = chunker.chunk("javascript", "call(a,b);".repeat(5_000));

        assertThat(chunks).hasSizeGreaterThan(50);
        assertThat(chunks.stream().map(SourceChunk::content).collect(Collectors.joining()))
                .isEqualTo("call(a,b);".repeat(5_000));
    }

    @Test
    void nestingWithoutEndIsSurvived() {
        assertThat(chunker.chunk("java", "class A { int x = " + "(".repeat(20_000) + "1;\n}"))
                .isNotEmpty();
        assertThat(chunker.chunk("python", "x = " + "[".repeat(20_000))).isNotEmpty();
    }

    @Test
    void aFileThatTakesTooLongToParseIsCutAsText() {
        Chunker hasty = new Chunker(new ChunkSettings(TOKENS_MAX, Duration.ofNanos(1)));

        assertThat(hasty.chunk("java", "class A {\n    int x = ((((1;\n}\n".repeat(20_000)))
                .allSatisfy(chunk -> assertThat(chunk.kind()).isEqualTo("text"));
    }
}
