package dev.guildhall.indexer.chunk;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A named node of a syntax tree, copied out of the parser's own memory.
 *
 * @param type the grammar's name for it, such as {@code method_declaration}
 * @param field the role that it has in its parent, such as {@code name} or {@code body}
 * @param start index of its first character
 * @param end index after its last character
 * @param startLine from 0
 * @param endLine from 0, inclusive
 */
record SyntaxNode(
        String type,
        @Nullable String field,
        int start,
        int end,
        int startLine,
        int endLine,
        List<SyntaxNode> children) {

    Optional<SyntaxNode> child(String fieldName) {
        return children.stream().filter(child -> fieldName.equals(child.field)).findFirst();
    }

    String text(String source) {
        return source.substring(start, end);
    }

    boolean isComment() {
        return type.endsWith("comment");
    }
}
