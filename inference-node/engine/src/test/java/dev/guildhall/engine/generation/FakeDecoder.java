package dev.guildhall.engine.generation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.guildhall.engine.cache.CacheScope;
import dev.guildhall.engine.cache.KvCache;
import dev.guildhall.engine.kernel.AttentionShape;
import dev.guildhall.engine.kernel.RotaryPairs;
import dev.guildhall.engine.model.Architecture;
import dev.guildhall.engine.model.Decoder;
import dev.guildhall.engine.model.Logits;
import dev.guildhall.engine.model.LogitsWanted;
import dev.guildhall.engine.model.ModelConfig;
import dev.guildhall.engine.model.RotaryShape;
import dev.guildhall.engine.tensor.KeyValuePage;
import dev.guildhall.engine.tensor.KeyValueShape;
import dev.guildhall.engine.tensor.KeyValueType;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/** A decoder whose likeliest next token is a function of all tokens before it. */
final class FakeDecoder implements Decoder {

    private static final KeyValueShape SHAPE = new KeyValueShape(1, 8, 8, false);

    private final int rows;
    private final int contextTokens;
    private final ToIntFunction<List<Integer>> next;
    private final Set<KvCache> caches = Collections.newSetFromMap(new IdentityHashMap<>());
    final AtomicInteger decodedTokens = new AtomicInteger();
    final List<CacheScope> mixedScopes = new ArrayList<>();
    final List<Integer> batchSizes = new ArrayList<>();
    final List<Double> ropeFactors = new ArrayList<>();

    /** Decoding waits for it, if it is there. */
    volatile @Nullable CountDownLatch gate;

    /** Open from the first call on. */
    final CountDownLatch called = new CountDownLatch(1);

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
                new AttentionShape(1, SHAPE, 1),
                null,
                rows,
                contextTokens,
                1e-6f,
                new RotaryShape(
                        64,
                        RotaryPairs.HALVES,
                        10_000,
                        contextTokens,
                        new RotaryShape.Yarn(32, 1, true, null, null),
                        1),
                true);
    }

    @Override
    public KvCache openCache(int tokensMax) {
        return KvCache.alone(1, SHAPE, KeyValueType.F32, tokensMax, 1);
    }

    @Override
    public Logits decode(List<Slice> batch) {
        called.countDown();
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
            List<Integer> history = append(slice);
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

    /** The tokens themselves are what its cache holds, so that a wrong block shows in the answer. */
    private List<Integer> append(Slice slice) {
        KvCache cache = slice.cache();
        int[] tokens = slice.tokens();
        if (caches.add(cache)) {
            ropeFactors.add(cache.ropeFactor());
        }
        float[] rows = new float[tokens.length * SHAPE.keySize()];
        for (int i = 0; i < tokens.length; i++) {
            rows[i * SHAPE.keySize()] = tokens[i];
            rows[i * SHAPE.keySize() + 1] = cache.scope().hashCode() & 0xffff; // exact as a float
        }
        assertThat(cache.reserve(tokens.length)).isTrue();
        cache.layer(0).write(cache.length(), tokens.length, rows, rows, 0);
        cache.advance(tokens.length);
        List<Integer> history = new ArrayList<>();
        for (int position = 0; position < cache.length(); position++) {
            KeyValuePage page = cache.layer(0).page(position / KeyValuePage.POSITIONS);
            if (page.key(0, 1, position % KeyValuePage.POSITIONS)
                    != (cache.scope().hashCode() & 0xffff)) {
                mixedScopes.add(cache.scope());
            }
            history.add((int) page.key(0, 0, position % KeyValuePage.POSITIONS));
        }
        return history;
    }

    @Override
    public long weightBytes() {
        return 0;
    }

    @Override
    public void close() {}
}
