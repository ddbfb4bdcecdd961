package dev.guildhall.contract.search;

import dev.guildhall.contract.CommitId;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A piece of indexed code with its place.
 *
 * @param language as syntax highlighters name it: {@code java}, {@code typescript}; {@code text} if unknown
 * @param symbol qualified name within the file, such as {@code RefundService.refund}; absent for text
 * @param kind {@code class}, {@code function}, {@code method}, {@code field}, {@code text} …
 * @param startLine first line, from 1
 * @param endLine last line, inclusive
 */
public record CodeChunk(
        UUID repositoryId,
        String repositoryName,
        CommitId commit,
        String path,
        String language,
        @Nullable String symbol,
        String kind,
        int startLine,
        int endLine,
        String content) {}
