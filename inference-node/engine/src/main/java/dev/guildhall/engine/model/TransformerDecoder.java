package dev.guildhall.engine.model;

import dev.guildhall.engine.cache.KvCache;
import dev.guildhall.engine.kernel.AttentionShape;
import dev.guildhall.engine.kernel.Kernels;
import dev.guildhall.engine.kernel.RotaryPairs;
import dev.guildhall.engine.kernel.RowReader;
import dev.guildhall.engine.model.Architecture.Trait;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
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

    private final ModelConfig config;
    private final Weights weights;
    private final Kernels kernels;
    private final Arena mapping;
    private final RowReader embedding;
    private final FeedForwardPass feedForward;
    private final Map<Double, RotaryAngles> angles = new HashMap<>(); // by factor
    private Activations activations = new Activations(0, 0, 0, 0, 0);
    private float[] singleRow = new float[0];

    /** Tokens of a slice within a chunk: {@code count} from {@code from}, in the chunk's rows from {@code firstRow}. */
    private record Segment(int slice, Slice source, int from, int count, int firstRow) {}

    /** Memory of a chunk, one row per token. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Activations(
            int tokensMax,
            float[] hidden,
            float[] normed,
            float[] query,
            float[] key,
            float[] value,
            float[] attended,
            float[] projected,
            float[] cosines,
            float[] sines) {

        Activations(int tokens, int hiddenSize, int querySize, int keyValueSize, int pairs) {
            this(
                    tokens,
                    new float[tokens * hiddenSize],
                    new float[tokens * hiddenSize],
                    new float[tokens * querySize],
                    new float[tokens * keyValueSize],
                    new float[tokens * keyValueSize],
                    new float[tokens * querySize],
                    new float[tokens * hiddenSize],
                    new float[tokens * pairs],
                    new float[tokens * pairs]);
        }
    }

    /** @param mapping what the weights live in as far as the kernels have no copy; closed with the decoder */
    TransformerDecoder(ModelConfig config, Weights weights, Kernels kernels, Arena mapping) {
        this.config = config;
        this.weights = weights;
        this.kernels = kernels;
        this.mapping = mapping;
        embedding = new RowReader(weights.embedding());
        feedForward = new FeedForwardPass(config, kernels);
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
        return new KvCache(config.layers(), config.attention().cache(), tokensMax, ropeFactor);
    }

    private RotaryAngles angles(double ropeFactor) {
        return angles.computeIfAbsent(
                ropeFactor, factor -> new RotaryAngles(config.rotary(), factor, weights.rotaryFactors()));
    }

    @Override
    public Logits decode(List<Slice> batch) {
        check(batch);
        float[][] @Nullable [] rows = new float[batch.size()][] @Nullable [];
        for (int slice = 0; slice < batch.size(); slice++) {
            rows[slice] = new float[batch.get(slice).tokens().length] @Nullable [];
        }
        for (List<Segment> chunk : chunks(batch)) {
            forward(chunk);
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
                embedding.read(segment.source.tokens()[segment.from + i], a.hidden, row * config.hiddenSize());
                turning.write(segment.source.cache().length() + i, a.cosines, a.sines, row);
            }
        }
    }

    /**
     * {@code hidden += W_o · attention(rotate(W_q n + b_q), rotate(W_k n + b_k), W_v n + b_v)} with {@code n = norm(hidden)}; some
     * families have no biases, some norm each head before it turns.
     */
    private void attend(int layerIndex, Weights.Layer layer, List<Segment> chunk, int tokens, Activations a) {
        AttentionShape shape = config.attention();
        kernels.rmsNorm(a.hidden, tokens, layer.attentionNorm(), config.normEpsilon(), a.normed);
        kernels.multiply(
                a.normed, tokens, List.of(layer.query(), layer.key(), layer.value()), List.of(a.query, a.key, a.value));
        if (config.architecture().has(Trait.ATTENTION_BIAS)) {
            kernels.addBias(a.query, tokens, layer.queryBias());
            kernels.addBias(a.key, tokens, layer.keyBias());
            kernels.addBias(a.value, tokens, layer.valueBias());
        }
        if (config.architecture().has(Trait.HEAD_NORMS)) {
            kernels.rmsNorm(a.query, tokens * shape.heads(), layer.queryNorm(), config.normEpsilon(), a.query);
            kernels.rmsNorm(a.key, tokens * shape.keyValueHeads(), layer.keyNorm(), config.normEpsilon(), a.key);
        }
        rotate(a.query, tokens, shape.heads(), a);
        rotate(a.key, tokens, shape.keyValueHeads(), a);
        for (Segment segment : chunk) {
            KvCache cache = segment.source.cache();
            cache.layer(layerIndex).write(cache.length(), segment.count, a.key, a.value, segment.firstRow);
            kernels.attention(
                    shape,
                    a.query,
                    segment.firstRow,
                    segment.count,
                    cache.length(),
                    cache.layer(layerIndex),
                    a.attended);
        }
        kernels.multiply(a.attended, tokens, List.of(layer.attentionOutput()), List.of(a.projected));
        kernels.add(a.hidden, a.projected, tokens * config.hiddenSize());
    }

    private void rotate(float[] x, int tokens, int heads, Activations a) {
        RotaryPairs pairs = config.rotary().pairs();
        int headSize = config.attention().keySize();
        kernels.rotate(
                x, tokens, heads, headSize, a.cosines, a.sines, config.rotary().pairCount(), pairs);
    }

    /** {@code hidden += feedForward(norm(hidden))}. */
    private void think(Weights.Layer layer, int tokens, Activations a) {
        kernels.rmsNorm(a.hidden, tokens, layer.feedForwardNorm(), config.normEpsilon(), a.normed);
        feedForward.add(layer.feedForward(), a.normed, tokens, a.hidden);
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
                    case NONE -> false;
                    case LAST -> position == segment.source.tokens().length - 1;
                    case ALL -> true;
                };
                if (wanted) {
                    // The rows move up to the front, where none that is still needed is overwritten.
                    System.arraycopy(
                            activations.hidden,
                            (segment.firstRow + i) * hiddenSize,
                            activations.hidden,
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
        kernels.rmsNorm(activations.hidden, count, weights.outputNorm(), config.normEpsilon(), activations.normed);
        float[] logits =
                isSingleRow(chunk) ? singleRow(vocabularySize) : new float[Math.multiplyExact(count, vocabularySize)];
        kernels.multiply(activations.normed, count, List.of(weights.output()), List.of(logits));
        for (int i = 0; i < count; i++) {
            float[] row = logits;
            if (count > 1) {
                row = new float[vocabularySize];
                System.arraycopy(logits, i * vocabularySize, row, 0, vocabularySize);
            }
            targets.get(i)[positions.get(i)] = row;
        }
    }

    /** One sequence that generates: its row is reused from call to call. */
    private static boolean isSingleRow(List<Segment> chunk) {
        return chunk.size() == 1 && chunk.getFirst().source.wanted() == LogitsWanted.LAST;
    }

    private float[] singleRow(int size) {
        if (singleRow.length != size) {
            singleRow = new float[size];
        }
        return singleRow;
    }

    private Activations activations(int tokens) {
        if (activations.tokensMax < tokens) {
            AttentionShape attention = config.attention();
            activations = new Activations(
                    tokens,
                    config.hiddenSize(),
                    attention.querySize(),
                    attention.cache().keysSize(),
                    config.rotary().pairCount());
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
