package dev.guildhall.indexer.search;

import dev.guildhall.contract.search.CodeSearch;
import dev.guildhall.contract.search.ContextAnswer;
import dev.guildhall.contract.search.ContextQuery;
import dev.guildhall.contract.search.SearchAnswer;
import dev.guildhall.contract.search.SearchQuery;
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
}
