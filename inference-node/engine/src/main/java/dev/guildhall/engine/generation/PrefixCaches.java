package dev.guildhall.engine.generation;

import dev.guildhall.engine.cache.KvCache;
import dev.guildhall.engine.model.Decoder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Caches of requests that are done, for later ones that begin with the same tokens. The one that was used last goes
 * last; those of another salt or another rope factor are never looked at. Not for use by several threads.
 */
final class PrefixCaches {

    /** A shorter common beginning is not worth a cache: it is computed again. */
    private static final int SHARED_TOKENS_MIN = 16;

    private record Idle(KvCache cache, List<Integer> tokens, String salt) {}

    private final List<Idle> idle = new ArrayList<>(); // oldest first

    /** A cache that holds as much of the prompt's beginning as any does, yet leaves its last token to compute. */
    KvCache take(Sequence sequence, Decoder decoder, int tokensMax) {
        Idle best = null;
        int bestShared = SHARED_TOKENS_MIN - 1;
        for (Idle candidate : idle) {
            boolean usable = candidate.salt.equals(sequence.cacheSalt())
                    && candidate.cache.ropeFactor() == sequence.ropeFactor();
            int shared = usable ? shared(candidate.tokens, sequence.prompt()) : 0;
            if (shared > bestShared) {
                best = candidate;
                bestShared = shared;
            }
        }
        if (best == null) {
            return decoder.openCache(tokensMax, sequence.ropeFactor());
        }
        idle.remove(best);
        best.cache.truncate(bestShared);
        return best.cache;
    }

    private static int shared(List<Integer> cached, int[] prompt) {
        int most = Math.min(cached.size(), prompt.length - 1);
        int shared = 0;
        while (shared < most && cached.get(shared) == prompt[shared]) {
            shared++;
        }
        return shared;
    }

    /** Keeps what a request leaves behind. */
    void keep(KvCache cache, int[] tokens, String salt) {
        List<Integer> held = Arrays.stream(tokens, 0, cache.length()).boxed().toList();
        idle.add(new Idle(cache, held, salt));
    }

    int tokens() {
        return idle.stream().mapToInt(entry -> entry.tokens.size()).sum();
    }

    /** Drops the oldest caches until those left hold at most {@code tokensMax} tokens. */
    void shrink(int tokensMax) {
        while (!idle.isEmpty() && tokens() > tokensMax) {
            idle.removeFirst().cache.close();
        }
    }
}
