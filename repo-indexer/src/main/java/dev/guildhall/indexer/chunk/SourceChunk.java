package dev.guildhall.indexer.chunk;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A piece of a file that makes sense alone: whole lines, with what surrounds them named.
 *
 * @param symbol qualified name within the file, such as {@code RefundService.refund}; absent for text
 * @param kind {@code class}, {@code method}, {@code imports}, {@code section}, {@code text} …
 * @param scope what encloses the piece: package, class and function signatures, or headings; may be empty
 * @param startLine first line, from 1
 * @param endLine last line, inclusive
 * @param definedNames simple names of what these lines define
 * @param usedNames identifiers in these lines, each once
 */
public record SourceChunk(
        @Nullable String symbol,
        String kind,
        String scope,
        int startLine,
        int endLine,
        String content,
        List<String> definedNames,
        List<String> usedNames) {

    public SourceChunk {
        definedNames = List.copyOf(definedNames);
        usedNames = List.copyOf(usedNames);
    }

    /** What the embedding model reads: the scope, then the lines. */
    public String embeddingText() {
        return scope.isEmpty() ? content : scope + "\n" + content;
    }
}
