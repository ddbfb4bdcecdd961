package dev.guildhall.indexer.embed;

import com.openai.errors.OpenAIException;
import com.openai.errors.OpenAIInvalidDataException;
import com.openai.errors.OpenAIServiceException;
import dev.guildhall.contract.Failure;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.ai.embedding.Embedding;
import org.springframework.ai.embedding.EmbeddingModel;
import org.springframework.ai.embedding.EmbeddingRequest;
import org.springframework.security.oauth2.core.OAuth2AuthorizationException;

/**
 * Asks the embedding model for vectors.
 *
 * <p>Indexing is patient: a model that loads or is busy is asked again until {@link EmbedSettings#patience()} is over.
 * Searching is not. A text that the model refuses as too long is shortened until it is taken; the chunk keeps its
 * whole content, only its vector is made of the head.
 */
public final class Embedder implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(Embedder.class);
    private static final int TEXT_LENGTH_MIN = 64;

    private final EmbeddingModel model;
    private final EmbedSettings settings;
    private final ExecutorService queries = Executors.newVirtualThreadPerTaskExecutor();

    Embedder(EmbeddingModel model, EmbedSettings settings) {
        this.model = model;
        this.settings = settings;
    }

    /** The name that the index remembers beside its vectors. */
    public String model() {
        return settings.model();
    }

    public int batchSize() {
        return settings.batchSize();
    }

    /** One vector for each text, in order. */
    public List<float[]> embed(List<String> texts) throws InterruptedException {
        List<float[]> vectors = new ArrayList<>();
        for (int start = 0; start < texts.size(); start += settings.batchSize()) {
            vectors.addAll(embedBatch(texts.subList(start, Math.min(texts.size(), start + settings.batchSize()))));
        }
        return vectors;
    }

    /** The vector of a search text, or nothing when the model does not answer in time. */
    public Optional<float[]> embedQuery(String text) {
        return embedNow(settings.queryPrefix() + text);
    }

    /** The vector of code whose like is looked for, or nothing when the model does not answer in time. */
    public Optional<float[]> embedSimilar(String code) {
        return embedNow(code);
    }

    private Optional<float[]> embedNow(String text) {
        CompletableFuture<float[]> answer =
                CompletableFuture.supplyAsync(() -> requestShortened(text).getFirst(), queries);
        try {
            return Optional.of(answer.get(settings.queryTimeout().toMillis(), TimeUnit.MILLISECONDS));
        } catch (TimeoutException _) {
            answer.cancel(true);
            log.warn("No vector for a query within {}: searching by words alone", settings.queryTimeout());
        } catch (ExecutionException e) {
            log.warn("No vector for a query ({}): searching by words alone", String.valueOf(e.getCause()));
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
        return Optional.empty();
    }

    private List<float[]> embedBatch(List<String> texts) throws InterruptedException {
        long deadline = System.nanoTime() + settings.patience().toNanos();
        Duration wait = settings.waitFirst();
        while (true) {
            try {
                return texts.size() == 1 ? requestShortened(texts.getFirst()) : requestOrOneByOne(texts);
            } catch (EmbeddingFailedException e) {
                if (!e.isPassing() || System.nanoTime() + wait.toNanos() > deadline) {
                    throw e;
                }
                log.info("{}; next attempt in {}", e.getMessage(), wait);
            }
            Thread.sleep(wait);
            wait = wait.multipliedBy(2).compareTo(settings.waitMax()) < 0 ? wait.multipliedBy(2) : settings.waitMax();
        }
    }

    private List<float[]> requestOrOneByOne(List<String> texts) {
        try {
            return request(texts);
        } catch (RefusedInputException _) {
            return texts.stream()
                    .flatMap(text -> requestShortened(text).stream())
                    .toList();
        }
    }

    private List<float[]> requestShortened(String text) {
        String head = text;
        while (true) {
            try {
                return request(List.of(head));
            } catch (RefusedInputException e) {
                if (head.length() <= TEXT_LENGTH_MIN) {
                    throw failed(
                            "embedding-refused",
                            "the embedding model %s refuses even %d characters: %s"
                                    .formatted(settings.model(), head.length(), e.getMessage()),
                            "Check guildhall.indexer.embed.model and the log of the inference node.",
                            false,
                            e);
                }
                head = head.substring(0, Math.max(TEXT_LENGTH_MIN, head.length() * 3 / 4));
                log.debug("Embedding only the first {} of {} characters", head.length(), text.length());
            }
        }
    }

    private List<float[]> request(List<String> texts) {
        List<float[]> vectors;
        try {
            vectors = model.call(new EmbeddingRequest(texts, null)).getResults().stream()
                    .sorted(Comparator.comparing(Embedding::getIndex))
                    .map(Embedding::getOutput)
                    .toList();
        } catch (OpenAIServiceException e) {
            throw ofStatus(e);
        } catch (OpenAIInvalidDataException e) {
            throw failed(
                    "embedding-answer-invalid",
                    "the embedding endpoint answers what is no embedding: %s".formatted(e.getMessage()),
                    "Point GUILDHALL_INFERENCE_URL at a server of the OpenAI protocol.",
                    false,
                    e);
        } catch (OpenAIException | OAuth2AuthorizationException e) {
            throw failed(
                    "embedding-unreachable",
                    "the embedding endpoint cannot be reached: %s".formatted(e.getMessage()),
                    "Check that the inference node and Keycloak are running; the index run is repeated by itself.",
                    true,
                    e);
        }
        check(vectors, texts.size());
        return vectors;
    }

    private void check(List<float[]> vectors, int wanted) {
        if (vectors.size() != wanted) {
            throw failed(
                    "embedding-answer-invalid",
                    "the embedding model %s gave %d vectors for %d texts"
                            .formatted(settings.model(), vectors.size(), wanted),
                    "Check the log of the inference node.",
                    false,
                    null);
        }
        Optional<float[]> odd = vectors.stream()
                .filter(vector -> vector.length != settings.dimensions())
                .findFirst();
        if (odd.isPresent()) {
            throw failed(
                    "embedding-dimensions",
                    "the embedding model %s makes vectors of %d dimensions, the index holds %d"
                            .formatted(settings.model(), odd.get().length, settings.dimensions()),
                    "Use a model of %d dimensions.".formatted(settings.dimensions()),
                    false,
                    null);
        }
    }

    private RuntimeException ofStatus(OpenAIServiceException e) {
        return switch (e.statusCode()) {
            case 400, 413, 422 -> new RefusedInputException(e);
            case 401, 403 ->
                failed(
                        "embedding-forbidden",
                        "the embedding endpoint does not accept our token (HTTP %d)".formatted(e.statusCode()),
                        "Check GUILDHALL_CLIENT_ID, GUILDHALL_CLIENT_SECRET and the client's role 'service'.",
                        false,
                        e);
            case 404 ->
                failed(
                        "embedding-model-unknown",
                        "the embedding endpoint does not know the model %s".formatted(settings.model()),
                        "Check GUILDHALL_EMBEDDING_MODEL, here and at the inference node.",
                        false,
                        e);
            default ->
                failed(
                        "embedding-unavailable",
                        "the embedding model %s is not available (HTTP %d)".formatted(settings.model(), e.statusCode()),
                        "Check the log of the inference node; the index run is repeated by itself.",
                        true,
                        e);
        };
    }

    private static EmbeddingFailedException failed(
            String code, String message, String remedy, boolean passing, @Nullable Throwable cause) {
        return new EmbeddingFailedException(new Failure(code, message, remedy), passing, cause);
    }

    @Override
    public void close() {
        queries.shutdownNow();
    }

    /** The endpoint says that the input itself is wrong: for a text, that it is too long. */
    private static final class RefusedInputException extends RuntimeException {

        RefusedInputException(OpenAIServiceException cause) {
            super(cause.getMessage(), cause);
        }
    }
}
