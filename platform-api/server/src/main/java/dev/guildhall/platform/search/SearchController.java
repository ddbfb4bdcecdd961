package dev.guildhall.platform.search;

import dev.guildhall.contract.search.SearchAnswer;
import dev.guildhall.contract.search.SearchQuery;
import dev.guildhall.platform.part.Parts;
import dev.guildhall.platform.repository.Repositories;
import io.swagger.v3.oas.annotations.Operation;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.Size;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;

/** Code search over REST. */
@RestController
class SearchController {

    private static final int LIMIT = 20;

    private final Repositories repositories;
    private final Parts parts;

    SearchController(Repositories repositories, Parts parts) {
        this.repositories = repositories;
        this.parts = parts;
    }

    @PostMapping("/api/v1/search")
    @Operation(summary = "Search code by words, identifiers or a sentence")
    SearchAnswer search(@RequestBody @Valid Question question) {
        UUID only = question.repositoryId();
        List<UUID> where = only == null
                ? repositories.findAll().stream()
                        .map(repository -> repository.id())
                        .toList()
                : List.of(repositories.require(only).id());
        if (where.isEmpty()) {
            return new SearchAnswer(List.of(), List.of());
        }
        return parts.search(
                new SearchQuery(question.text(), where, question.limit() == null ? LIMIT : question.limit()));
    }

    /**
     * @param repositoryId all repositories where absent
     * @param limit most hits; 20 where absent
     */
    record Question(
            @NotBlank(message = "is missing") @Size(max = 2_000)
            String text,

            @Nullable UUID repositoryId,
            @Min(1) @Max(100) @Nullable Integer limit) {}
}
