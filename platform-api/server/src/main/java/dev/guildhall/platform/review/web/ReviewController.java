package dev.guildhall.platform.review.web;

import dev.guildhall.contract.CommitId;
import dev.guildhall.contract.review.FilePatch;
import dev.guildhall.platform.part.Parts;
import dev.guildhall.platform.problem.ErrorCode;
import dev.guildhall.platform.problem.GuildhallException;
import dev.guildhall.platform.review.ReviewDetail;
import dev.guildhall.platform.review.ReviewPage;
import dev.guildhall.platform.review.ReviewRequests;
import dev.guildhall.platform.review.ReviewState;
import dev.guildhall.platform.review.ReviewSummary;
import dev.guildhall.platform.review.Reviews;
import dev.guildhall.platform.review.StorableText;
import io.swagger.v3.oas.annotations.Operation;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import java.util.Arrays;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** Reviews over REST. */
@RestController
@RequestMapping("/api/v1")
class ReviewController {

    private final Reviews reviews;
    private final ReviewRequests requests;
    private final Parts parts;

    ReviewController(Reviews reviews, ReviewRequests requests, Parts parts) {
        this.reviews = reviews;
        this.requests = requests;
        this.parts = parts;
    }

    @GetMapping("/reviews")
    @Operation(summary = "Reviews, newest first")
    ReviewPage list(
            @RequestParam(required = false) @Nullable UUID repositoryId,
            @RequestParam(required = false) @Nullable String state,
            @RequestParam(defaultValue = "0") @Min(0) @Max(1_000_000) int page,
            @RequestParam(defaultValue = "50") @Min(1) @Max(200) int size) {
        return reviews.find(repositoryId, state == null || state.isEmpty() ? null : state(state), page, size);
    }

    @GetMapping("/reviews/{id}")
    @Operation(summary = "One review with its findings")
    ReviewDetail get(@PathVariable long id) {
        return find(id);
    }

    @GetMapping("/reviews/{id}/files/{index}")
    @Operation(summary = "The diff of one file as the review read it")
    FilePatch patch(@PathVariable long id, @PathVariable int index) {
        ReviewSummary review = find(id).overview();
        return parts.findPatch(review.repository().id(), review.number(), review.headCommit(), index)
                .orElseThrow(() -> new GuildhallException(
                        ErrorCode.REVIEW_FILE_NOT_FOUND, "review %d has no file %d".formatted(id, index)));
    }

    @PostMapping("/repositories/{repositoryId}/reviews")
    @ResponseStatus(HttpStatus.ACCEPTED)
    @Operation(summary = "Ask for a review of the change from base to head")
    ReviewAddress request(@PathVariable UUID repositoryId, @RequestBody @Valid NewReview request) {
        String title = request.title() == null || request.title().isBlank()
                ? "Changes up to " + request.head().abbreviated()
                : StorableText.of(request.title());
        String description = request.description() == null ? "" : StorableText.of(request.description());
        return ReviewAddress.of(requests.request(
                repositoryId,
                new ReviewRequests.Change(request.number(), title, description, request.base(), request.head())));
    }

    @PostMapping("/reviews/{id}/runs")
    @ResponseStatus(HttpStatus.ACCEPTED)
    @Operation(summary = "Run a failed review again")
    ReviewAddress runAgain(@PathVariable long id) {
        requests.runAgain(id);
        return ReviewAddress.of(id);
    }

    private ReviewDetail find(long id) {
        return reviews.find(id)
                .orElseThrow(() ->
                        new GuildhallException(ErrorCode.REVIEW_NOT_FOUND, "there is no review %d".formatted(id)));
    }

    private static ReviewState state(String word) {
        return Arrays.stream(ReviewState.values())
                .filter(state -> state.word().equals(word))
                .findFirst()
                .orElseThrow(() -> GuildhallException.invalid(
                        "state",
                        "'%s' is not one of %s"
                                .formatted(
                                        word,
                                        Arrays.stream(ReviewState.values())
                                                .map(ReviewState::word)
                                                .toList())));
    }

    /**
     * @param number of the pull request; absent where there is none
     * @param base what the change is to be merged into
     */
    record NewReview(
            @Min(1) @Max(1_000_000) @Nullable Integer number,
            @Size(max = 1_000) @Nullable String title,
            @Size(max = 262_144) @Nullable String description,

            @NotNull(message = "is missing: give a full commit id")
            CommitId base,

            @NotNull(message = "is missing: give a full commit id")
            CommitId head) {}

    /** @param url the review's page, as an absolute path */
    record ReviewAddress(long id, String url) {
        static ReviewAddress of(long id) {
            return new ReviewAddress(id, "/reviews/" + id);
        }
    }
}
