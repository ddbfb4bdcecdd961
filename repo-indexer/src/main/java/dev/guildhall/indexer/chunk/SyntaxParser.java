package dev.guildhall.indexer.chunk;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.treesitter.TSInputEncoding;
import org.treesitter.TSLanguage;
import org.treesitter.TSNode;
import org.treesitter.TSParser;
import org.treesitter.TSTree;
import org.treesitter.TSTreeCursor;

/**
 * Parses a file with tree-sitter and copies its named nodes.
 *
 * <p>The text goes in as UTF-16, so that the parser's byte offsets are twice Java's character indices. Nodes deeper
 * than {@link #DEPTH_MAX} are left out: hostile nesting must not exhaust our stack.
 */
final class SyntaxParser {

    private static final int DEPTH_MAX = 200;
    private static final int READ_BUFFER_BYTES = 16 * 1024;
    private static final int BYTES_PER_CHARACTER = 2;

    private final Duration parseTimeMax;

    SyntaxParser(Duration parseTimeMax) {
        this.parseTimeMax = parseTimeMax;
    }

    /** The tree of {@code text}, or nothing when parsing took too long. */
    Optional<SyntaxNode> parse(TSLanguage language, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_16LE);
        long deadline = System.nanoTime() + parseTimeMax.toNanos();
        try (TSParser parser = new TSParser()) {
            if (!parser.setLanguage(language)) {
                throw new IllegalStateException("tree-sitter refuses the grammar '%s' of version %d"
                        .formatted(language.name(), language.abiVersion()));
            }
            @Nullable
            TSTree parsed = parser.parseWithOptions(
                    new byte[READ_BUFFER_BYTES],
                    null,
                    (buffer, offset, _) -> {
                        int length = Math.min(buffer.length, bytes.length - offset);
                        if (length <= 0) {
                            return 0;
                        }
                        System.arraycopy(bytes, offset, buffer, 0, length);
                        return length;
                    },
                    TSInputEncoding.TSInputEncodingUTF16LE,
                    _ -> System.nanoTime() > deadline);
            if (parsed == null) {
                return Optional.empty();
            }
            try (TSTree tree = parsed;
                    TSTreeCursor cursor = new TSTreeCursor(tree.getRootNode())) {
                return Optional.of(copy(cursor));
            }
        }
    }

    private static SyntaxNode copy(TSTreeCursor cursor) {
        Deque<List<SyntaxNode>> siblings = new ArrayDeque<>();
        Deque<Opened> parents = new ArrayDeque<>();
        siblings.push(new ArrayList<>());
        while (true) {
            Opened node = Opened.at(cursor);
            if (node.named() && siblings.size() <= DEPTH_MAX && cursor.gotoFirstChild()) {
                parents.push(node);
                siblings.push(new ArrayList<>());
                continue;
            }
            if (node.named()) {
                siblings.element().add(node.closed(List.of()));
            }
            while (!cursor.gotoNextSibling()) {
                if (parents.isEmpty()) {
                    return siblings.element().getFirst();
                }
                cursor.gotoParent();
                List<SyntaxNode> children = siblings.pop();
                siblings.element().add(parents.pop().closed(List.copyOf(children)));
            }
        }
    }

    private record Opened(
            boolean named, String type, @Nullable String field, int start, int end, int startLine, int endLine) {

        static Opened at(TSTreeCursor cursor) {
            TSNode node = cursor.currentNode();
            int startLine = node.getStartPoint().getRow();
            int endLine = node.getEndPoint().getRow();
            // A node that takes its line's end with it stops at column 0 of the line after its last.
            if (endLine > startLine && node.getEndPoint().getColumn() == 0) {
                endLine--;
            }
            return new Opened(
                    node.isNamed(),
                    node.getType(),
                    cursor.currentFieldName(),
                    node.getStartByte() / BYTES_PER_CHARACTER,
                    node.getEndByte() / BYTES_PER_CHARACTER,
                    startLine,
                    endLine);
        }

        SyntaxNode closed(List<SyntaxNode> children) {
            return new SyntaxNode(type, field, start, end, startLine, endLine, children);
        }
    }
}
