package dev.guildhall.engine.model;

import dev.guildhall.engine.cache.KvCache;
import dev.guildhall.engine.kernel.AttentionShape;
import dev.guildhall.engine.kernel.AttentionSpan;
import dev.guildhall.engine.kernel.Kernels;
import dev.guildhall.engine.kernel.RotaryPairs;
import dev.guildhall.engine.kernel.RowReader;
import dev.guildhall.engine.model.Architecture.Trait;
import dev.guildhall.engine.model.Attention.Grouped;
import dev.guildhall.engine.model.Attention.Latent;
import dev.guildhall.engine.tensor.KeyValueType;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The forward pass of a decoder-only transformer, over whichever kernels it is given.
 *
 * <p>Long inputs are cut into chunks: tokens of one or several sequences that go through the layers together, so that
 * each weight is read once for all of them. Only attention looks at the sequences apart.
 */
final class TransformerDecoder implements Decoder {

    /** Enough that unpacking a weight costs little against using it; more would only take memory. */
    static final int CHUNK_TOKENS_MAX = 256;

    /** Each row of the embedding table that is read brings a page and its neighbours into memory; so many may stay there. */
    private static final int EMBEDDED_TOKENS_MAX = 8;

    /** Logits of more rows at once, as scoring wants them, are not kept. */
    private static final int KEPT_ROWS_MAX = 32;

    private final ModelConfig config;
    private final Weights weights;
    private final Kernels kernels;
    private final Arena mapping;
    private final RowReader embedding;
    private final FeedForwardPass feedForward;
    private final @Nullable LatentAttentionPass latentAttention;
    private final Map<Double, RotaryAngles> angles = new HashMap<>(); // by factor
    private Activations activations;
    private int embeddedTokens;

    // Logits of sequences that generate take the same memory from call to call.
    private float[] keptLogits = new float[0]; // [row, vocabulary]
    private final List<float[]> keptRows = new ArrayList<>();
    private int keptRowsUsed;

    /** Tokens of a slice within a chunk: {@code count} from {@code from}, in the chunk's rows from {@code firstRow}. */
    private record Segment(int slice, Slice source, int from, int count, int firstRow) {}

    /** @param mapping what the weights live in as far as the kernels have no copy; closed with the decoder */
    TransformerDecoder(ModelConfig config, Weights weights, Kernels kernels, Arena mapping) {
        this.config = config;
        this.weights = weights;
        this.kernels = kernels;
        this.mapping = mapping;
        embedding = new RowReader(weights.embedding());
        feedForward = new FeedForwardPass(config, kernels);
        activations = Activations.of(0, config);
        latentAttention = config.latent() == null
                ? null
                : new LatentAttentionPass(
                        config.latent(),
                        config.attention().heads(),
                        config.rotary().pairs(),
                        kernels);
    }

    @Override
    public ModelConfig config() {
        return config;
    }

    @Override
    public KvCache openCache(int tokensMax) {
        return openCache(tokensMax, config.rotary().factor());
    }

    @Override
    public KvCache openCache(int tokensMax, double ropeFactor) {
        if (!(ropeFactor >= 1 && ropeFactor <= RotaryShape.FACTOR_MAX)) {
            throw new IllegalArgumentException("a context cannot be stretched by %s; 1 to %d are possible"
                    .formatted(ropeFactor, RotaryShape.FACTOR_MAX));
        }
        int contextLength = config.contextLength(ropeFactor);
        if (tokensMax < 1 || tokensMax > contextLength) {
            throw new IllegalArgumentException("a cache for %d tokens cannot be had; %s takes 1 to %d"
                    .formatted(tokensMax, config.name(), contextLength));
        }
        return KvCache.alone(config.layers(), config.attention().cache(), KeyValueType.F32, tokensMax, ropeFactor);
    }

    private RotaryAngles angles(double ropeFactor) {
        return angles.computeIfAbsent(
                ropeFactor, factor -> new RotaryAngles(config.rotary(), factor, weights.rotaryFactors()));
    }

    @Override
    public Logits decode(List<Slice> batch) {
        check(batch);
        for (Slice slice : batch) {
            if (!slice.cache().reserve(slice.tokens().length)) {
                throw new IllegalStateException("the memory for keys and values is used up");
            }
        }
        keptRowsUsed = 0;
        float[][] @Nullable [] rows = new float[batch.size()][] @Nullable [];
        for (int slice = 0; slice < batch.size(); slice++) {
            rows[slice] = new float[batch.get(slice).tokens().length] @Nullable [];
        }
        for (List<Segment> chunk : chunks(batch)) {
            forward(chunk);
            takeStates(chunk, rows);
            computeLogits(chunk, rows);
        }
        return new Logits(rows);
    }

    private void check(List<Slice> batch) {
        Set<KvCache> caches = new HashSet<>();
        for (Slice slice : batch) {
            if (!caches.add(slice.cache())) {
                throw new IllegalArgumentException("two slices of a batch go on the same cache");
            }
            if (weights.output() == null && slice.wanted().logits()) {
                throw new IllegalArgumentException(
                        "%s was loaded for its states alone; there are no logits".formatted(config.name()));
            }
            slice.cache().checkRoom(slice.tokens().length);
            for (int token : slice.tokens()) {
                if (token < 0 || token >= config.vocabularySize()) {
                    throw new IllegalArgumentException(
                            "token %d is not in the vocabulary of %d".formatted(token, config.vocabularySize()));
                }
            }
        }
    }

    private static List<List<Segment>> chunks(List<Slice> batch) {
        List<List<Segment>> chunks = new ArrayList<>();
        List<Segment> chunk = new ArrayList<>();
        int rows = 0;
        for (int slice = 0; slice < batch.size(); slice++) {
            int tokens = batch.get(slice).tokens().length;
            for (int from = 0; from < tokens; ) {
                int count = Math.min(tokens - from, CHUNK_TOKENS_MAX - rows);
                chunk.add(new Segment(slice, batch.get(slice), from, count, rows));
                from += count;
                rows += count;
                if (rows == CHUNK_TOKENS_MAX) {
                    chunks.add(chunk);
                    chunk = new ArrayList<>();
                    rows = 0;
                }
            }
        }
        if (!chunk.isEmpty()) {
            chunks.add(chunk);
        }
        return chunks;
    }

    /** Takes a chunk through all layers; the result is in {@code hidden}. */
    private void forward(List<Segment> chunk) {
        int tokens = chunk.stream().mapToInt(Segment::count).sum();
        Activations a = activations(tokens);
        embed(chunk, a);
        for (int layer = 0; layer < config.layers(); layer++) {
            attend(layer, weights.layers().get(layer), chunk, tokens, a);
            think(weights.layers().get(layer), tokens, a);
        }
        for (Segment segment : chunk) {
            segment.source.cache().advance(segment.count);
        }
    }

    private void embed(List<Segment> chunk, Activations a) {
        for (Segment segment : chunk) {
            RotaryAngles turning = angles(segment.source.cache().ropeFactor());
            for (int i = 0; i < segment.count; i++) {
                int row = segment.firstRow + i;
                embedding.read(segment.source.tokens()[segment.from + i], a.hidden(), row * config.hiddenSize());
                turning.write(segment.source.cache().length() + i, a.cosines(), a.sines(), row);
                a.scoreScales()[row] = turning.scoreScale();
            }
            embeddedTokens += segment.count;
        }
        if (embeddedTokens > EMBEDDED_TOKENS_MAX) {
            weights.unloadEmbedding();
            embeddedTokens = 0;
        }
    }

    /** {@code hidden += W_o · attention(norm(hidden))}. */
    private void attend(int layerIndex, Weights.Layer layer, List<Segment> chunk, int tokens, Activations a) {
        kernels.rmsNorm(a.hidden(), tokens, layer.attentionNorm(), config.normEpsilon(), a.normed());
        switch (layer.attention()) {
            case Grouped grouped -> project(grouped, tokens, a);
            case Latent latent -> Objects.requireNonNull(latentAttention).project(latent, tokens, a);
        }
        List<AttentionSpan> spans = new ArrayList<>(chunk.size());
        for (Segment segment : chunk) {
            KvCache cache = segment.source.cache();
            cache.layer(layerIndex).write(cache.length(), segment.count, a.key(), a.value(), segment.firstRow);
            spans.add(new AttentionSpan(segment.firstRow, segment.count, cache.length(), cache.layer(layerIndex)));
        }
        kernels.attention(config.attention(), a.query(), spans, a.attended());
        float[] results = switch (layer.attention()) {
            case Grouped _ -> a.attended();
            case Latent latent -> Objects.requireNonNull(latentAttention).expand(latent, a.attended(), tokens);
        };
        kernels.multiply(results, tokens, List.of(layer.attention().output()), List.of(a.projected()));
        kernels.add(a.hidden(), a.projected(), tokens * config.hiddenSize());
    }

    /**
     * {@code q = rotate(W_q n + b_q), k = rotate(W_k n + b_k), v = W_v n + b_v}; some families have no biases, some norm each
     * head before it turns.
     */
    private void project(Grouped weights, int tokens, Activations a) {
        AttentionShape shape = config.attention();
        kernels.multiply(
                a.normed(),
                tokens,
                List.of(weights.query(), weights.key(), weights.value()),
                List.of(a.query(), a.key(), a.value()));
        if (config.architecture().has(Trait.ATTENTION_BIAS)) {
            kernels.addBias(a.query(), tokens, weights.queryBias());
            kernels.addBias(a.key(), tokens, weights.keyBias());
            kernels.addBias(a.value(), tokens, weights.valueBias());
        }
        if (config.architecture().has(Trait.HEAD_NORMS)) {
            kernels.rmsNorm(a.query(), tokens * shape.heads(), weights.queryNorm(), config.normEpsilon(), a.query());
            kernels.rmsNorm(a.key(), tokens * shape.keyValueHeads(), weights.keyNorm(), config.normEpsilon(), a.key());
        }
        rotate(a.query(), tokens, shape.heads(), a);
        rotate(a.key(), tokens, shape.keyValueHeads(), a);
    }

    private void rotate(float[] x, int tokens, int heads, Activations a) {
        RotaryPairs pairs = config.rotary().pairs();
        int headSize = config.attention().keySize();
        kernels.rotate(
                x,
                tokens,
                heads,
                headSize,
                a.cosines(),
                a.sines(),
                config.rotary().pairCount(),
                pairs);
    }

    /** {@code hidden += feedForward(norm(hidden))}. */
    private void think(Weights.Layer layer, int tokens, Activations a) {
        kernels.rmsNorm(a.hidden(), tokens, layer.feedForwardNorm(), config.normEpsilon(), a.normed());
        feedForward.add(layer.feedForward(), a.normed(), tokens, a.hidden());
    }

    /** {@code norm(hidden)} of the last tokens of which somebody wants it. */
    private void takeStates(List<Segment> chunk, float[][] @Nullable [] rows) {
        int size = config.hiddenSize();
        for (Segment segment : chunk) {
            int last = segment.source.tokens().length - 1;
            if (segment.source.wanted() == LogitsWanted.LAST_STATE && segment.from + segment.count > last) {
                int from = (segment.firstRow + segment.count - 1) * size;
                float[] state = Arrays.copyOfRange(activations.hidden(), from, from + size);
                kernels.rmsNorm(state, 1, weights.outputNorm(), config.normEpsilon(), state);
                rows[segment.slice][last] = state;
            }
        }
    }

    /** {@code W_output · norm(hidden)} for the rows that somebody wants. */
    private void computeLogits(List<Segment> chunk, float[][] @Nullable [] rows) {
        int hiddenSize = config.hiddenSize();
        int vocabularySize = config.vocabularySize();
        List<float[] @Nullable []> targets = new ArrayList<>();
        List<Integer> positions = new ArrayList<>();
        for (Segment segment : chunk) {
            for (int i = 0; i < segment.count; i++) {
                int position = segment.from + i;
                boolean wanted = switch (segment.source.wanted()) {
                    case NONE, LAST_STATE -> false;
                    case LAST -> position == segment.source.tokens().length - 1;
                    case ALL -> true;
                };
                if (wanted) {
                    // The rows move up to the front, where none that is still needed is overwritten.
                    System.arraycopy(
                            activations.hidden(),
                            (segment.firstRow + i) * hiddenSize,
                            activations.hidden(),
                            targets.size() * hiddenSize,
                            hiddenSize);
                    targets.add(rows[segment.slice]);
                    positions.add(position);
                }
            }
        }
        int count = targets.size();
        if (count == 0) {
            return;
        }
        kernels.rmsNorm(activations.hidden(), count, weights.outputNorm(), config.normEpsilon(), activations.normed());
        boolean few = count <= KEPT_ROWS_MAX;
        float[] logits = few ? keptLogits(count) : new float[Math.multiplyExact(count, vocabularySize)];
        kernels.multiply(
                activations.normed(), count, List.of(Objects.requireNonNull(weights.output())), List.of(logits));
        for (int i = 0; i < count; i++) {
            float[] row = few ? nextKeptRow() : new float[vocabularySize];
            System.arraycopy(logits, i * vocabularySize, row, 0, vocabularySize);
            targets.get(i)[positions.get(i)] = row;
        }
    }

    private float[] keptLogits(int count) {
        if (keptLogits.length < count * config.vocabularySize()) {
            keptLogits = new float[Math.multiplyExact(count, config.vocabularySize())];
        }
        return keptLogits;
    }

    private float[] nextKeptRow() {
        if (keptRowsUsed == keptRows.size()) {
            keptRows.add(new float[config.vocabularySize()]);
        }
        return keptRows.get(keptRowsUsed++);
    }

    private Activations activations(int tokens) {
        if (activations.tokensMax() < tokens) {
            activations = Activations.of(tokens, config);
        }
        return activations;
    }

    @Override
    public long weightBytes() {
        return weights.bytes();
    }

    @Override
    public void close() {
        kernels.close();
        mapping.close();
    }
}
