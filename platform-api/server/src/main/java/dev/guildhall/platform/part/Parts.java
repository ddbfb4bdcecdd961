package dev.guildhall.platform.part;

import dev.guildhall.contract.review.FilePatch;
import dev.guildhall.contract.review.ReviewFiles;
import dev.guildhall.contract.search.CodeSearch;
import dev.guildhall.contract.search.SearchAnswer;
import dev.guildhall.contract.search.SearchQuery;
import dev.guildhall.platform.problem.ErrorCode;
import dev.guildhall.platform.problem.GuildhallException;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;
import org.springframework.security.oauth2.core.OAuth2AuthorizationException;
import org.springframework.stereotype.Component;
import org.springframework.web.client.HttpClientErrorException;
import org.springframework.web.client.HttpServerErrorException;
import org.springframework.web.client.RestClientException;
import org.springframework.web.client.RestClientResponseException;

/** The other services, called so that a part that is away is named to whoever asked. */
@Component
public class Parts {

    static final String INDEXER = "repo-indexer";
    static final String REVIEW_BOT = "review-bot";

    private final CodeSearch search;
    private final ReviewFiles files;

    Parts(CodeSearch search, ReviewFiles files) {
        this.search = search;
        this.files = files;
    }

    /** Asks the index. */
    public SearchAnswer search(SearchQuery query) {
        return call(INDEXER, () -> search.search(query));
    }

    /** The diff of one file of a review. */
    public Optional<FilePatch> findPatch(UUID repositoryId, int number, String head, int index) {
        return call(REVIEW_BOT, () -> {
            try {
                return Optional.of(files.patch(repositoryId, number, head, index));
            } catch (HttpClientErrorException.NotFound exception) {
                return Optional.empty();
            }
        });
    }

    private static <T> T call(String part, Supplier<T> request) {
        try {
            return request.get();
        } catch (HttpServerErrorException.ServiceUnavailable exception) {
            throw unavailable(part, "is not ready", exception);
        } catch (RestClientResponseException exception) {
            throw new GuildhallException(
                    ErrorCode.PART_FAILED,
                    "%s answered %s: see its log".formatted(part, exception.getStatusCode()),
                    exception);
        } catch (OAuth2AuthorizationException exception) {
            throw unavailable("keycloak", "gave no token for the call to " + part, exception);
        } catch (RestClientException exception) {
            throw unavailable(part, "did not answer", exception);
        }
    }

    private static GuildhallException unavailable(String part, String how, Exception cause) {
        return new GuildhallException(
                ErrorCode.PART_UNAVAILABLE, "%s %s: see `guildhall status`".formatted(part, how), cause);
    }
}
