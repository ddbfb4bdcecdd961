package dev.guildhall.engine.generation;

import dev.guildhall.engine.cache.BlockPool;
import dev.guildhall.engine.cache.ChainKey;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Divides the prompt tokens of a round: callers get equal shares, within a caller the oldest request goes first. Of requests
 * that begin alike, one computes and the others wait to find its blocks.
 */
final class PromptShares {

    private static final int SHARE_MIN = BlockPool.POSITIONS;

    private int turn;

    /**
     * @param sequences whose prompts are not done, oldest first
     * @return tokens for each that goes on
     */
    Map<Sequence, Integer> divide(List<Sequence> sequences, int tokens) {
        Map<String, List<Sequence>> byCaller = new LinkedHashMap<>();
        for (Sequence sequence : sequences) {
            byCaller.computeIfAbsent(sequence.caller(), _ -> new ArrayList<>()).add(sequence);
        }
        List<List<Sequence>> callers = new ArrayList<>(byCaller.values());
        Round round = new Round(tokens);
        int share = Math.max(SHARE_MIN, tokens / Math.max(1, callers.size()));
        for (int i = 0; i < callers.size(); i++) {
            round.give(callers.get((turn + i) % callers.size()), share);
        }
        round.give(sequences, tokens);
        turn++;
        return round.shares;
    }

    private static final class Round {
        private final Map<Sequence, Integer> shares = new HashMap<>();
        private final Set<ChainKey> underWay = new HashSet<>();
        private int left;

        Round(int tokens) {
            left = tokens;
        }

        /** Gives these sequences at most {@code most} more in all. */
        void give(List<Sequence> sequences, int most) {
            int end = left - Math.min(left, most);
            for (Sequence sequence : sequences) {
                int has = shares.getOrDefault(sequence, 0);
                int more = sequence.chunk(has + left - end) - has;
                List<ChainKey> blocks = sequence.nextBlocks(has + more);
                if (more > 0 && (has > 0 || blocks.isEmpty() || underWay.add(blocks.getFirst()))) {
                    underWay.addAll(blocks);
                    shares.put(sequence, has + more);
                    left -= more;
                }
            }
        }
    }
}
