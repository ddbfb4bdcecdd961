package dev.guildhall.engine.generation;

import dev.guildhall.engine.cache.KvCache;
import dev.guildhall.engine.kernel.AttentionShape;
import dev.guildhall.engine.kernel.RotaryPairs;
import dev.guildhall.engine.model.Architecture;
import dev.guildhall.engine.model.Decoder;
import dev.guildhall.engine.model.Logits;
import dev.guildhall.engine.model.LogitsWanted;
import dev.guildhall.engine.model.ModelConfig;
import dev.guildhall.engine.model.RotaryShape;
import dev.guildhall.engine.tensor.KeyValueShape;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/** A decoder whose likeliest next token is a function of all tokens before it. */
final class FakeDecoder implements Decoder {

    private final int rows;
    private final int contextTokens;
    private final ToIntFunction<List<Integer>> next;
    private final IdentityHashMap<KvCache, List<Integer>> histories = new IdentityHashMap<>();
    final AtomicInteger decodedTokens = new AtomicInteger();
    final List<Integer> batchSizes = new ArrayList<>();
    final List<Double> ropeFactors = new ArrayList<>();

    /** Decoding waits for it, if it is there. */
    volatile @Nullable CountDownLatch gate;

    FakeDecoder(int rows, int contextTokens, ToIntFunction<List<Integer>> next) {
        this.rows = rows;
        this.contextTokens = contextTokens;
        this.next = next;
    }

    @Override
    public ModelConfig config() {
        return new ModelConfig(
                Architecture.QWEN2,
                "fake",
                1,
                64,
                64,
                null,
                new AttentionShape(1, 1, 64),
                rows,
                contextTokens,
                1e-6f,
                new RotaryShape(64, RotaryPairs.HALVES, 10_000, contextTokens, new RotaryShape.Yarn(32, 1, null), 1),
                true);
    }

    @Override
    public KvCache openCache(int tokensMax) {
        return openCache(tokensMax, 1);
    }

    @Override
    public KvCache openCache(int tokensMax, double ropeFactor) {
        KvCache cache = new KvCache(1, new KeyValueShape(1, 64, 64, false), tokensMax, ropeFactor);
        ropeFactors.add(ropeFactor);
        histories.put(cache, new ArrayList<>());
        return cache;
    }

    @Override
    public Logits decode(List<Slice> batch) {
        CountDownLatch wait = gate;
        if (wait != null) {
            try {
                wait.await();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }
        batchSizes.add(batch.size());
        float[][][] logits = new float[batch.size()][][];
        for (int i = 0; i < batch.size(); i++) {
            Slice slice = batch.get(i);
            List<Integer> history = Objects.requireNonNull(histories.get(slice.cache()));
            history.subList(slice.cache().length(), history.size()).clear();
            for (int token : slice.tokens()) {
                history.add(token);
            }
            slice.cache().advance(slice.tokens().length);
            decodedTokens.addAndGet(slice.tokens().length);
            logits[i] = new float[slice.tokens().length][];
            if (slice.wanted() != LogitsWanted.NONE) {
                float[] row = new float[rows];
                row[next.applyAsInt(List.copyOf(history))] = 10;
                logits[i][slice.tokens().length - 1] = row;
            }
        }
        return new Logits(logits);
    }

    @Override
    public long weightBytes() {
        return 0;
    }

    @Override
    public void close() {}
}
