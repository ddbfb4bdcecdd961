package dev.guildhall.inference.embedding;

import dev.guildhall.inference.problem.ApiException;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.annotation.PreDestroy;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * Embeds texts one by one, whoever asks: a question of one text waits for one text of an index run, not for all of it.
 * The model is loaded with the first text.
 */
@Component
public class TextEmbeddings {

    private final EmbeddingSettings settings;
    private final Semaphore turn = new Semaphore(1, true);
    private final Counter texts;
    private final Counter tokens;
    private @Nullable BgeSmallEmbedder embedder;

    TextEmbeddings(EmbeddingSettings settings, MeterRegistry metrics) {
        this.settings = settings;
        this.texts = Counter.builder("guildhall.embedding.texts").register(metrics);
        this.tokens = Counter.builder("guildhall.embedding.tokens").register(metrics);
    }

    /** A text's vector, of length 1, and the tokens that were read for it. */
    static final class Embedding {

        private final float[] vector;
        private final int tokens;

        private Embedding(float[] vector, int tokens) {
            this.vector = vector;
            this.tokens = tokens;
        }

        float[] vector() {
            return vector;
        }

        int tokens() {
            return tokens;
        }
    }

    /** The model's name, as requests give it. */
    public String modelName() {
        return settings.model();
    }

    /** How many numbers a vector has. */
    public int dimension() {
        return BgeSmallEmbedder.DIMENSION;
    }

    Embedding embed(int index, String text, boolean truncate) {
        try {
            if (!turn.tryAcquire(settings.waitMax().toMillis(), TimeUnit.MILLISECONDS)) {
                throw ApiException.busy(
                        "embedding-busy",
                        "no turn within %s; send fewer texts at once, or raise guildhall.embedding.wait-max"
                                .formatted(settings.waitMax()));
            }
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw ApiException.unavailable("stopping", "the node is stopping; try again");
        }
        try {
            return embedInTurn(index, text, truncate);
        } finally {
            turn.release();
        }
    }

    private Embedding embedInTurn(int index, String text, boolean truncate) {
        BgeSmallEmbedder loaded = loaded();
        long[] ids = loaded.tokens(text);
        if (ids.length > BgeSmallEmbedder.TOKENS_MAX) {
            if (!truncate) {
                throw ApiException.badRequest(
                        "input-too-long",
                        "input",
                        "input %d has %d tokens, and %s reads %d; split it, or send \"truncate\": true"
                                .formatted(index, ids.length, modelName(), BgeSmallEmbedder.TOKENS_MAX));
            }
            ids = BgeSmallEmbedder.truncated(ids);
        }
        float[] vector = loaded.embed(ids);
        texts.increment();
        tokens.increment(ids.length);
        return new Embedding(vector, ids.length);
    }

    /** Called by whoever has the turn. */
    private BgeSmallEmbedder loaded() {
        BgeSmallEmbedder current = embedder;
        if (current == null) {
            current = BgeSmallEmbedder.load(settings);
            embedder = current;
        }
        return current;
    }

    @PreDestroy
    void close() {
        turn.acquireUninterruptibly();
        try {
            if (embedder != null) {
                embedder.close();
                embedder = null;
            }
        } finally {
            turn.release();
        }
    }
}
