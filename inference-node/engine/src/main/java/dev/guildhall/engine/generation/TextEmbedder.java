package dev.guildhall.engine.generation;

import dev.guildhall.engine.cache.KvCache;
import dev.guildhall.engine.format.ModelFormatException;
import dev.guildhall.engine.model.Backend;
import dev.guildhall.engine.model.Decoder;
import dev.guildhall.engine.model.Decoder.Slice;
import dev.guildhall.engine.model.Decoders;
import dev.guildhall.engine.model.LogitsWanted;
import dev.guildhall.engine.tokenizer.TextSource;
import dev.guildhall.engine.tokenizer.Tokenizer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/**
 * Vectors of texts by a decoder that was trained for it, as Qwen3-Embedding: the last token's final state, of length 1. One caller
 * at a time.
 */
public final class TextEmbedder implements AutoCloseable {

    /** What Qwen3-Embedding's tokenizer puts after every text, whatever its file calls the end. */
    private static final String END = "<|endoftext|>";

    private final Decoder decoder;
    private final Tokenizer tokenizer;
    private final int end;

    private TextEmbedder(Decoder decoder, Tokenizer tokenizer, int end) {
        this.decoder = decoder;
        this.tokenizer = tokenizer;
        this.end = end;
    }

    /** Loads a GGUF file, or a directory of the hub. */
    public static TextEmbedder load(Path model, Backend backend, int threads) throws IOException {
        Tokenizer tokenizer = tokenizer(model);
        Integer end = tokenizer.reserved().get(END);
        if (end == null) {
            throw new ModelFormatException(model, "its vocabulary has no %s, which ends texts".formatted(END));
        }
        return new TextEmbedder(Decoders.loadForStates(model, backend, threads), tokenizer, end);
    }

    private static Tokenizer tokenizer(Path model) throws IOException {
        TextSource source = TextSource.of(model);
        source.requireLastTokenPooling();
        return source.tokenizer();
    }

    /** A question as the models were trained to see it; what is searched stays as it is. */
    public static String query(String instruction, String text) {
        return "Instruct: %s\nQuery:%s".formatted(instruction, text);
    }

    /** Numbers of a vector. */
    public int dimension() {
        return decoder.config().hiddenSize();
    }

    /** Tokens that are read at most, the end among them. */
    public int tokensMax() {
        return decoder.config().contextLength();
    }

    /** The text's tokens, the end last; may be more than {@link #tokensMax}. */
    public int[] tokens(String text) {
        int[] tokens = tokenizer.encode(text);
        int[] ended = Arrays.copyOf(tokens, tokens.length + 1);
        ended[tokens.length] = end;
        return ended;
    }

    /**
     * The vector of a text's tokens.
     *
     * @param dimensions the first numbers, scaled to length 1 again: the models were trained so that these say most
     */
    public float[] embed(int[] tokens, int dimensions) {
        if (tokens.length < 1 || tokens.length > tokensMax()) {
            throw new IllegalArgumentException(
                    "%d tokens cannot be embedded; 1 to %d are possible".formatted(tokens.length, tokensMax()));
        }
        if (dimensions < 1 || dimensions > dimension()) {
            throw new IllegalArgumentException(
                    "%d dimensions cannot be had; 1 to %d are possible".formatted(dimensions, dimension()));
        }
        try (KvCache cache = decoder.openCache(tokens.length)) {
            float[] state = decoder.decode(List.of(new Slice(cache, tokens, LogitsWanted.LAST_STATE)))
                    .last(0);
            return normalized(Arrays.copyOf(state, dimensions));
        }
    }

    private static float[] normalized(float[] vector) {
        double squares = 0;
        for (float x : vector) {
            squares += (double) x * x;
        }
        double scale = squares == 0 ? 0 : 1 / Math.sqrt(squares);
        for (int i = 0; i < vector.length; i++) {
            vector[i] = (float) (vector[i] * scale);
        }
        return vector;
    }

    @Override
    public void close() {
        decoder.close();
    }
}
