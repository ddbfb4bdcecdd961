package dev.guildhall.reviewbot.publish;

import dev.guildhall.contract.review.FilePatch;
import dev.guildhall.contract.review.ReviewKey;
import dev.guildhall.reviewbot.pullrequest.FileDiff;
import dev.guildhall.reviewbot.pullrequest.UnifiedPatch;
import java.util.List;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionTemplate;
import org.springframework.util.unit.DataSize;

/** The diffs of reviewed files, kept for showing. */
public final class Patches {

    private final JdbcClient database;
    private final TransactionTemplate transactions;
    private final DataSize sizeMax;

    Patches(JdbcClient database, TransactionTemplate transactions, DataSize sizeMax) {
        this.database = database;
        this.transactions = transactions;
        this.sizeMax = sizeMax;
    }

    /** Replaces what is kept of the review by these files, whose secrets are masked. */
    public void keep(ReviewKey review, List<FileDiff> files) {
        transactions.executeWithoutResult(_ -> {
            database.sql("DELETE FROM file_patch WHERE repository_id = :id AND number = :number AND head = :head")
                    .param("id", review.repositoryId())
                    .param("number", review.number())
                    .param("head", review.head().value())
                    .update();
            for (FileDiff file : files) {
                FilePatch patch = patch(file);
                database.sql("""
                                INSERT INTO file_patch (repository_id, number, head, index, patch, reason)
                                VALUES (:id, :number, :head, :index, :patch, :reason)""")
                        .param("id", review.repositoryId())
                        .param("number", review.number())
                        .param("head", review.head().value())
                        .param("index", file.index())
                        .param("patch", patch.patch())
                        .param("reason", patch.reason())
                        .update();
            }
        });
    }

    Optional<FilePatch> find(ReviewKey review, int index) {
        return database.sql("""
                        SELECT patch, reason FROM file_patch
                        WHERE repository_id = :id AND number = :number AND head = :head AND index = :index""")
                .param("id", review.repositoryId())
                .param("number", review.number())
                .param("head", review.head().value())
                .param("index", index)
                .query((row, _) -> new FilePatch(index, row.getString("patch"), row.getString("reason")))
                .optional();
    }

    private FilePatch patch(FileDiff file) {
        return switch (file.content()) {
            case FileDiff.Content.Unread unread -> new FilePatch(file.index(), null, unread.reason());
            case FileDiff.Content.Text _ ->
                UnifiedPatch.render(file, sizeMax.toBytes())
                        .map(patch -> new FilePatch(file.index(), patch, null))
                        .orElseGet(() -> new FilePatch(
                                file.index(),
                                null,
                                "the diff is larger than %,d bytes (guildhall.publish.patch-size-max)"
                                        .formatted(sizeMax.toBytes())));
        };
    }
}
