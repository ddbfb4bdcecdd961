package dev.guildhall.engine.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.guildhall.engine.tensor.KeyValuePage;
import dev.guildhall.engine.tensor.KeyValueShape;
import dev.guildhall.engine.tensor.KeyValueType;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class KvCacheTest {

    private static final KeyValueShape SHAPE = new KeyValueShape(1, 8, 8, false);
    private static final int SIZE = BlockPool.POSITIONS;
    private static final CacheScope SCOPE = new CacheScope("", 1, "");

    private final BlockPool pool = new BlockPool(2, SHAPE, KeyValueType.F32, 10);

    private static int[] text(int length, int seed) {
        return IntStream.range(0, length).map(i -> (i * 31 + seed * 7) % 1000).toArray();
    }

    private KvCache cache(CacheScope scope) {
        return new KvCache(pool, scope, 10 * SIZE);
    }

    /** Writes what is missing of {@code tokens}: in layer l, position p has the key tokens[p] + l. */
    private static void compute(KvCache cache, int... tokens) {
        int from = cache.length();
        int count = tokens.length - from;
        assertThat(cache.reserve(count)).isTrue();
        for (int layer = 0; layer < 2; layer++) {
            float[] rows = new float[count * 8];
            for (int i = 0; i < count; i++) {
                Arrays.fill(rows, i * 8, (i + 1) * 8, tokens[from + i] + layer);
            }
            cache.layer(layer).write(from, count, rows, rows, 0);
        }
        cache.advance(count);
    }

    private static void assertHolds(KvCache cache, int... tokens) {
        assertThat(cache.length()).isEqualTo(tokens.length);
        for (int position = 0; position < tokens.length; position++) {
            for (int layer = 0; layer < 2; layer++) {
                KeyValuePage page = cache.layer(layer).page(position / SIZE);
                assertThat(page.key(0, 7, position % SIZE)).isEqualTo(tokens[position] + layer);
                assertThat(page.value(0, 7, position % SIZE)).isEqualTo(tokens[position] + layer);
            }
        }
    }

    private KvCache computed(CacheScope scope, int... tokens) {
        KvCache cache = cache(scope);
        compute(cache, tokens);
        cache.remember(tokens);
        return cache;
    }

    @Test
    void sharesWholeBlocksWithARunningSequence() {
        int[] tokens = text(3 * SIZE + 5, 1);
        KvCache first = computed(SCOPE, tokens);
        try (KvCache second = cache(SCOPE)) {
            assertThat(second.adopt(tokens, tokens.length - 1)).isEqualTo(3 * SIZE);
            assertThat(pool.free()).isEqualTo(10 - 4);
            compute(second, tokens);
            assertHolds(second, tokens);
            assertThat(pool.free()).isEqualTo(10 - 5);
            first.close();
            assertThat(pool.free()).isEqualTo(10 - 4);
            assertHolds(second, tokens);
        }
        assertThat(pool.free()).isEqualTo(10);
    }

    @Test
    void copiesABlockThatOthersCouldFindBeforeItIsWritten() {
        int[] tokens = text(2 * SIZE, 1);
        computed(SCOPE, tokens).close(tokens);
        int[] other = tokens.clone();
        Arrays.fill(other, SIZE + 40, other.length, 5);
        try (KvCache second = cache(SCOPE);
                KvCache third = cache(SCOPE)) {
            assertThat(second.adopt(other, other.length)).isEqualTo(SIZE + 40);
            compute(second, other);
            assertHolds(second, other);
            assertThat(third.adopt(tokens, tokens.length)).isEqualTo(tokens.length);
            assertHolds(third, tokens);
        }
    }

    @Test
    void findsTheLongestBeginningOfALastBlock() {
        int[] tokens = text(SIZE + 50, 1);
        computed(SCOPE, tokens).close(tokens);
        int[] shorter = Arrays.copyOf(tokens, SIZE + 30);
        computed(SCOPE, shorter).close(shorter);
        try (KvCache again = cache(SCOPE)) {
            assertThat(again.adopt(tokens, tokens.length - 1)).isEqualTo(SIZE + 49);
            compute(again, tokens);
            assertHolds(again, tokens);
        }
    }

    @Test
    void writesInPlaceWhenThereIsNoMemoryForACopyAndNobodyElseHasTheBlock() {
        BlockPool single = new BlockPool(2, SHAPE, KeyValueType.F32, 1);
        int[] tokens = text(SIZE, 1);
        KvCache first = new KvCache(single, SCOPE, SIZE);
        compute(first, tokens);
        first.close(tokens);
        try (KvCache second = new KvCache(single, SCOPE, SIZE)) {
            assertThat(second.adopt(tokens, SIZE - 1)).isEqualTo(SIZE - 1);
            compute(second, tokens);
            assertHolds(second, tokens);
        }
        assertThat(single.free()).isEqualTo(1);
    }

    @Test
    void findsNothingAcrossScopes() {
        int[] tokens = text(2 * SIZE, 1);
        computed(SCOPE, tokens).close(tokens);
        for (CacheScope other :
                new CacheScope[] {new CacheScope("a", 1, ""), new CacheScope("", 2, ""), new CacheScope("", 1, "a")}) {
            try (KvCache cache = cache(other)) {
                assertThat(cache.adopt(tokens, tokens.length)).isZero();
            }
        }
        // The parts of a scope cannot run into each other.
        computed(new CacheScope("ab", 1, "c"), tokens).close(tokens);
        try (KvCache cache = cache(new CacheScope("a", 1, "bc"))) {
            assertThat(cache.adopt(tokens, tokens.length)).isZero();
        }
    }

    @Test
    void findsABlockOnlyAfterTheSameBeginning() {
        int[] tokens = text(2 * SIZE, 1);
        computed(SCOPE, tokens).close(tokens);
        int[] other = tokens.clone();
        other[0]++;
        try (KvCache cache = cache(SCOPE)) {
            assertThat(cache.adopt(other, other.length)).isZero();
            compute(cache, Arrays.copyOf(other, SIZE));
            cache.remember(other);
            assertThat(cache.adopt(other, other.length)).isZero();
        }
    }

    @Test
    void givesUpWhatWasUnusedLongestAndEndsFirst() {
        int[] old = text(4 * SIZE, 1);
        int[] recent = text(4 * SIZE, 2);
        computed(SCOPE, old).close(old);
        computed(SCOPE, recent).close(recent);
        int[] big = text(5 * SIZE, 3);
        try (KvCache cache = cache(SCOPE)) {
            compute(cache, big); // two blank blocks and three of the old text
            assertHolds(cache, big);
        }
        try (KvCache cache = cache(SCOPE)) {
            assertThat(cache.adopt(recent, recent.length)).isEqualTo(4 * SIZE);
            assertThat(cache(SCOPE).adopt(old, old.length)).isEqualTo(SIZE);
        }
    }

    @Test
    void saysWhenThereIsNoMemory() {
        try (KvCache cache = cache(SCOPE);
                KvCache other = cache(SCOPE)) {
            assertThat(cache.reserve(9 * SIZE)).isTrue();
            assertThat(other.reserve(SIZE + 1)).isFalse();
            assertThat(other.blockCount()).isZero();
            assertThat(other.reserve(SIZE)).isTrue();
            assertThat(pool.free()).isZero();
        }
        assertThat(pool.free()).isEqualTo(10);
    }

    @Test
    void goesOnDifferentlyAfterACut() {
        int[] tokens = text(2 * SIZE + 10, 1);
        try (KvCache cache = computed(SCOPE, tokens);
                KvCache sharing = cache(SCOPE)) {
            sharing.adopt(tokens, tokens.length);
            cache.truncate(SIZE + 3);
            int[] other = Arrays.copyOf(tokens, 2 * SIZE);
            Arrays.fill(other, SIZE + 3, other.length, 9);
            compute(cache, other);
            cache.remember(other);
            assertHolds(cache, other);
            assertHolds(sharing, Arrays.copyOf(tokens, 2 * SIZE));
            try (KvCache third = cache(SCOPE)) {
                assertThat(third.adopt(other, other.length)).isEqualTo(other.length);
                assertHolds(third, other);
            }
        }
        assertThat(pool.free()).isEqualTo(10);
    }

    @Test
    void namesWhatItIsAboutToCompute() {
        int[] tokens = text(3 * SIZE, 1);
        try (KvCache first = computed(SCOPE, Arrays.copyOf(tokens, SIZE));
                KvCache second = computed(SCOPE, Arrays.copyOf(tokens, SIZE));
                KvCache unaligned = computed(SCOPE, Arrays.copyOf(tokens, SIZE + 1))) {
            assertThat(first.nextBlocks(tokens, 3 * SIZE - 1))
                    .hasSize(1)
                    .isEqualTo(second.nextBlocks(tokens, 2 * SIZE))
                    .isNotEqualTo(cache(new CacheScope("", 1, "a")).nextBlocks(tokens, SIZE));
            assertThat(unaligned.nextBlocks(tokens, 3 * SIZE)).isEmpty();
        }
    }

    @Test
    void refusesAPoolOfNothing() {
        assertThatThrownBy(() -> new BlockPool(2, SHAPE, KeyValueType.F32, 0))
                .hasMessage("a pool of 0 blocks with 2 layers holds nothing");
    }
}
