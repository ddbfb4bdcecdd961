package dev.guildhall.indexer.search;

import dev.guildhall.contract.search.CodeSearch;
import dev.guildhall.contract.search.ContextAnswer;
import dev.guildhall.contract.search.ContextQuery;
import dev.guildhall.contract.search.SearchAnswer;
import dev.guildhall.contract.search.SearchQuery;
import org.springframework.core.NestedExceptionUtils;
import org.springframework.http.HttpStatus;
import org.springframework.http.ProblemDetail;
import org.springframework.http.converter.HttpMessageNotReadableException;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestController;

@RestController
class SearchController implements CodeSearch {

    private final Search search;
    private final ReviewContext reviewContext;

    SearchController(Search search, ReviewContext reviewContext) {
        this.search = search;
        this.reviewContext = reviewContext;
    }

    @Override
    public SearchAnswer search(SearchQuery query) {
        return search.answer(query);
    }

    @Override
    public ContextAnswer context(ContextQuery query) {
        return reviewContext.answer(query);
    }

    /** The contract's records say themselves what is wrong with a question. */
    @ExceptionHandler
    ProblemDetail onUnreadableQuestion(HttpMessageNotReadableException unreadable) {
        String reason =
                NestedExceptionUtils.getMostSpecificCause(unreadable) instanceof IllegalArgumentException refused
                        ? String.valueOf(refused.getMessage())
                        : "the body is not a question of this API in JSON";
        ProblemDetail problem = ProblemDetail.forStatusAndDetail(HttpStatus.BAD_REQUEST, reason);
        problem.setProperty("code", "question-invalid");
        return problem;
    }
}
