package dev.guildhall.contract.search;

import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.service.annotation.HttpExchange;
import org.springframework.web.service.annotation.PostExchange;

/** Search over indexed code, answered by repo-indexer. */
@HttpExchange("/internal/v1/search")
public interface CodeSearch {

    /** Hybrid search (semantic and lexical, fused by reciprocal rank), best first. */
    @PostExchange
    SearchAnswer search(@RequestBody SearchQuery query);

    /** What a reviewer of a change wants to see beside it: definitions, callers, similar code, conventions. */
    @PostExchange("/context")
    ContextAnswer context(@RequestBody ContextQuery query);
}
