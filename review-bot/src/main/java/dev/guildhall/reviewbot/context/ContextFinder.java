package dev.guildhall.reviewbot.context;

import dev.guildhall.contract.search.CodeSearch;
import dev.guildhall.contract.search.ContextAnswer;
import dev.guildhall.contract.search.ContextQuery;
import dev.guildhall.reviewbot.pullrequest.FileDiff;
import dev.guildhall.reviewbot.pullrequest.Line;
import java.util.List;
import java.util.UUID;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.security.oauth2.core.OAuth2AuthorizationException;
import org.springframework.web.client.RestClientException;

/** Asks the index what belongs beside a change. A review goes on without an answer, and says so. */
public final class ContextFinder {

    private static final Logger log = LoggerFactory.getLogger(ContextFinder.class);

    private static final int SNIPPET_LENGTH_MAX = 800;

    private final CodeSearch search;
    private final int chunksMax;
    private final int symbolsMax;
    private final int snippetsMax;

    ContextFinder(CodeSearch search, int chunksMax, int symbolsMax, int snippetsMax) {
        this.search = search;
        this.chunksMax = chunksMax;
        this.symbolsMax = symbolsMax;
        this.snippetsMax = snippetsMax;
    }

    /**
     * What was found.
     *
     * @param answered false where there is no index, or it did not answer
     * @param detail for people
     */
    public record Context(List<ContextAnswer.Item> items, boolean answered, String detail) {
        public Context {
            items = List.copyOf(items);
        }
    }

    /** Looks beside the given files, whose secrets are masked. */
    public Context find(UUID repositoryId, List<FileDiff> files) {
        List<String> symbols = Symbols.of(files, symbolsMax);
        List<String> snippets = files.stream()
                .map(ContextFinder::snippet)
                .filter(snippet -> !snippet.isBlank())
                .limit(snippetsMax)
                .toList();
        if (symbols.isEmpty() && snippets.isEmpty()) {
            return new Context(List.of(), true, "the change names nothing to look up");
        }
        List<String> paths = files.stream().map(FileDiff::path).toList();
        try {
            ContextAnswer answer = search.context(new ContextQuery(repositoryId, symbols, paths, snippets, chunksMax));
            if (!answer.indexed()) {
                return new Context(List.of(), false, "the repository is not indexed yet: reviewed without context");
            }
            return new Context(
                    answer.items(),
                    true,
                    "%d pieces of code for %d symbols".formatted(answer.items().size(), symbols.size()));
        } catch (RestClientException | IllegalStateException | OAuth2AuthorizationException e) {
            log.warn("the index did not answer: {}", e.getMessage());
            return new Context(List.of(), false, "the index did not answer: reviewed without context");
        }
    }

    private static String snippet(FileDiff file) {
        String added = file.addedLines().map(Line::text).collect(Collectors.joining("\n"));
        return added.substring(0, Math.min(added.length(), SNIPPET_LENGTH_MAX));
    }
}
