package dev.guildhall.inference.embedding;

import dev.guildhall.inference.problem.ApiException;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.annotation.PreDestroy;
import java.io.IOException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/**
 * Embeds texts one by one, whoever asks: a question of one text waits for one text of an index run, not for all of it.
 * The model is loaded with the first text.
 */
@Component
public class TextEmbeddings {

    private static final Logger log = LoggerFactory.getLogger(TextEmbeddings.class);

    private final EmbeddingSettings settings;
    private final Semaphore turn = new Semaphore(1, true);
    private final Counter texts;
    private final Counter tokens;
    private @Nullable Embedder embedder;

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
        return settings.modelName();
    }

    /**
     * What a request wants of its vectors.
     *
     * @param dimensions numbers of a vector; null for all that the model makes
     * @param instruction what the texts, which are questions then, are asked for; null for texts as they are
     * @param truncated whether only the first tokens of a text that is too long are read
     */
    record Wish(@Nullable Integer dimensions, @Nullable String instruction, boolean truncated) {}

    /** @param index of the text, for errors */
    Embedding embed(int index, String text, Wish wish) {
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
            return embedInTurn(index, text, wish);
        } finally {
            turn.release();
        }
    }

    private Embedding embedInTurn(int index, String text, Wish wish) {
        Embedder loaded = loaded();
        int dimensions = dimensions(loaded, wish.dimensions());
        int[] ids = tokens(loaded, text, wish.instruction());
        if (ids.length > loaded.tokensMax() && !wish.truncated()) {
            throw ApiException.badRequest(
                    "input-too-long",
                    "input",
                    "input %d has %d tokens, and %s reads %d; split it, or send \"truncate\": true"
                            .formatted(index, ids.length, modelName(), loaded.tokensMax()));
        }
        ids = loaded.truncated(ids);
        float[] vector = loaded.embed(ids, dimensions);
        texts.increment();
        tokens.increment(ids.length);
        return new Embedding(vector, ids.length);
    }

    private int dimensions(Embedder loaded, @Nullable Integer wanted) {
        int all = loaded.dimension();
        if (wanted == null || wanted == all) {
            return all;
        }
        if (!loaded.shortens()) {
            throw ApiException.badRequest(
                    "dimensions-unsupported",
                    "dimensions",
                    "'%s' makes %d dimensions, not %d".formatted(modelName(), all, wanted));
        }
        if (wanted < 1 || wanted > all) {
            throw ApiException.badRequest(
                    "dimensions-unsupported",
                    "dimensions",
                    "'%s' makes 1 to %d dimensions, not %d".formatted(modelName(), all, wanted));
        }
        return wanted;
    }

    private int[] tokens(Embedder loaded, String text, @Nullable String instruction) {
        if (instruction == null) {
            return loaded.tokens(text);
        }
        if (!loaded.isInstructed()) {
            throw ApiException.badRequest(
                    "instruction-unsupported",
                    "instruction",
                    "'%s' takes no instruction; write what it needs into the text".formatted(modelName()));
        }
        return loaded.tokens(instruction, text);
    }

    /** Called by whoever has the turn. */
    private Embedder loaded() {
        Embedder current = embedder;
        if (current == null) {
            try {
                current = settings.isBuiltIn() ? BgeSmallEmbedder.load(settings) : DecoderEmbedder.load(settings);
            } catch (IOException fault) {
                log.error("{} cannot be loaded", settings.model(), fault);
                throw ApiException.unavailable(
                        "model-failed", "%s cannot be served: %s".formatted(modelName(), fault.getMessage()));
            }
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
