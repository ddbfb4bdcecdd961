package dev.guildhall.indexer.store;

import org.jspecify.annotations.Nullable;

/**
 * A file of a branch: indexed, or skipped for a reason.
 *
 * @param gitBlob object name of its content in git
 * @param blobId the content in the index; absent when skipped
 * @param skipReason why it is not indexed; absent when it is
 */
public record IndexedFile(
        String path,
        String gitBlob,
        @Nullable Long blobId,
        @Nullable String skipReason) {

    public static IndexedFile indexed(String path, String gitBlob, long blobId) {
        return new IndexedFile(path, gitBlob, blobId, null);
    }

    public static IndexedFile skipped(String path, String gitBlob, String reason) {
        return new IndexedFile(path, gitBlob, null, reason);
    }
}
