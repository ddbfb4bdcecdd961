package dev.guildhall.platform.review;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.guildhall.contract.Failure;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A review as lists show it.
 *
 * @param id counts up; part of the page's address
 * @param number of the pull request; from 1,000,001 up where somebody asked for a review without one
 * @param attempt the latest run, from 1
 * @param startedAt absent while nothing runs yet
 * @param failure why the latest run failed; absent otherwise
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ReviewSummary(
        long id,
        RepositoryName repository,
        int number,
        String title,
        String author,
        ReviewState state,
        String baseRef,
        String headRef,
        @Nullable String baseCommit,
        String headCommit,
        int attempt,
        Counts counts,
        Instant createdAt,
        @Nullable Instant startedAt,
        @Nullable Instant completedAt,
        @Nullable String model,
        @Nullable Long totalMillis,
        @Nullable Failure failure) {

    /** The repository of a review. */
    public record RepositoryName(UUID id, String name) {}

    /** Findings by severity. */
    public record Counts(int high, int medium, int low) {}
}
