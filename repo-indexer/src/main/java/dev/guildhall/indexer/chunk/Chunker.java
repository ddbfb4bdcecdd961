package dev.guildhall.indexer.chunk;

import dev.guildhall.contract.Languages;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Cuts a file into chunks that the embedding model can read whole. */
public final class Chunker {

    /** Goes up whenever the same file gives other chunks: every file is then cut and embedded anew. */
    public static final int VERSION = 1;

    private static final Logger log = LoggerFactory.getLogger(Chunker.class);

    private final int tokensMax;
    private final SyntaxParser parser;
    private final TextChunks textChunks;

    public Chunker(ChunkSettings settings) {
        this.tokensMax = settings.tokensMax();
        this.parser = new SyntaxParser(settings.parseTimeMax());
        this.textChunks = new TextChunks(tokensMax);
    }

    /** @param language as {@link Languages#of} names it */
    public List<SourceChunk> chunk(String language, String text) {
        if (text.isBlank()) {
            return List.of();
        }
        return parse(language, text)
                .map(parsed -> new SyntaxChunks(parsed.grammar(), parsed.root(), text, tokensMax).chunks())
                .filter(chunks -> !chunks.isEmpty())
                .orElseGet(() -> textChunks.chunk(language, text))
                .stream()
                .flatMap(chunk -> fitting(chunk).stream())
                .toList();
    }

    private Optional<Parsed> parse(String language, String text) {
        List<Grammar> grammars = Grammar.of(language);
        List<Parsed> trees = new ArrayList<>();
        for (Grammar grammar : grammars) {
            parser.parse(grammar.newLanguage(), text)
                    .map(root -> new Parsed(grammar, root))
                    .ifPresent(trees::add);
        }
        if (trees.isEmpty() && !grammars.isEmpty()) {
            log.warn("Parsing {} characters of {} took too long: cut as text", text.length(), language);
        }
        return trees.stream().min(Comparator.comparingInt(tree -> errorCharacters(tree.root())));
    }

    private static int errorCharacters(SyntaxNode node) {
        if (node.type().equals("ERROR")) {
            return node.end() - node.start();
        }
        return node.children().stream().mapToInt(Chunker::errorCharacters).sum();
    }

    /** A chunk of one line that is longer than a chunk may be falls apart inside the line. */
    private List<SourceChunk> fitting(SourceChunk chunk) {
        int budget = Math.max(tokensMax / 2, tokensMax - TokenEstimate.of(chunk.scope()));
        if (TokenEstimate.of(chunk.content()) <= budget) {
            return List.of(chunk);
        }
        List<SourceChunk> parts = new ArrayList<>();
        String rest = chunk.content();
        while (!rest.isEmpty()) {
            String head = TokenEstimate.head(rest, budget);
            parts.add(new SourceChunk(
                    chunk.symbol(),
                    chunk.kind(),
                    chunk.scope(),
                    chunk.startLine(),
                    chunk.endLine(),
                    head,
                    parts.isEmpty() ? chunk.definedNames() : List.of(),
                    parts.isEmpty() ? chunk.usedNames() : List.of()));
            rest = rest.substring(head.length());
        }
        return parts;
    }

    private record Parsed(Grammar grammar, SyntaxNode root) {}
}
