package dev.guildhall.inference.embedding;

import dev.guildhall.engine.generation.TextEmbedder;
import dev.guildhall.engine.model.Backend;
import java.io.IOException;
import java.nio.file.Path;

/** A model out of files, made as Qwen3-Embedding is, on the node's own engine. */
final class DecoderEmbedder implements Embedder {

    private final TextEmbedder embedder;
    private final int tokensMax;

    private DecoderEmbedder(TextEmbedder embedder, int tokensMax) {
        this.embedder = embedder;
        this.tokensMax = tokensMax;
    }

    static DecoderEmbedder load(EmbeddingSettings settings) throws IOException {
        TextEmbedder embedder = TextEmbedder.load(Path.of(settings.model()), Backend.VECTOR, settings.threads());
        return new DecoderEmbedder(embedder, Math.min(settings.tokensMax(), embedder.tokensMax()));
    }

    @Override
    public int dimension() {
        return embedder.dimension();
    }

    @Override
    public boolean shortens() {
        return true;
    }

    @Override
    public boolean isInstructed() {
        return true;
    }

    @Override
    public int tokensMax() {
        return tokensMax;
    }

    @Override
    public int[] tokens(String text) {
        return embedder.tokens(text);
    }

    @Override
    public int[] tokens(String instruction, String text) {
        return embedder.tokens(TextEmbedder.query(instruction, text));
    }

    @Override
    public float[] embed(int[] tokens, int dimensions) {
        return embedder.embed(tokens, dimensions);
    }

    @Override
    public void close() {
        embedder.close();
    }
}
