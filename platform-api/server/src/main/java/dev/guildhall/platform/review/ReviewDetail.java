package dev.guildhall.platform.review;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import dev.guildhall.contract.review.Finding;
import dev.guildhall.contract.review.ReviewStep;
import dev.guildhall.contract.review.ReviewUsage;
import dev.guildhall.contract.review.ReviewedFile;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A review with all that the bot said.
 *
 * @param description the pull request's own text
 * @param summary the bot's words to the author; empty until the review is complete
 * @param findings most severe first
 * @param findingsDropped findings that the second check or the cap removed
 * @param usage absent until the run ended
 */
public record ReviewDetail(
        @JsonUnwrapped ReviewSummary overview,
        String description,
        String summary,
        List<Finding> findings,
        int findingsDropped,
        List<ReviewedFile> files,
        List<ReviewStep> steps,
        @Nullable ReviewUsage usage) {}
