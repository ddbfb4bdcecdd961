package dev.guildhall.engine.generation.grammar;

import dev.guildhall.engine.tokenizer.TokenKind;
import dev.guildhall.engine.tokenizer.Tokenizer;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The text tokens of a vocabulary as trees of bytes: one of the short ones, which are nearly all, and one of the long
 * ones. What short tokens do depends on no bound further away than they are long, so that many states share it.
 */
public final class TokenTrie {

    /** Bytes of the longest token that counts as short. */
    static final int SHORT_BYTES_MAX = 16;

    private final int vocabularySize;
    private final int[] endOfGeneration;
    private final Tree shortTokens;
    private final Tree longTokens;

    public TokenTrie(Tokenizer tokenizer) {
        vocabularySize = tokenizer.vocabularySize();
        endOfGeneration =
                tokenizer.endOfGeneration().stream().mapToInt(Integer::intValue).toArray();
        shortTokens = new Tree(tokenizer, 1, SHORT_BYTES_MAX);
        longTokens = new Tree(tokenizer, SHORT_BYTES_MAX + 1, Short.MAX_VALUE);
    }

    /** Bytes of the longest token. */
    int tokenBytesMax() {
        return Math.max(shortTokens.depthMax, longTokens.depthMax);
    }

    /** Room for a bit for each token. */
    long[] noTokens() {
        return new long[(vocabularySize + 63) / 64];
    }

    /** Sets the bit of each short token that keeps an answer within the grammar. */
    void addShort(Automaton automaton, State from, long[] allowed) {
        shortTokens.walk(automaton, from, allowed);
    }

    /** Sets the bit of each long token that keeps an answer within the grammar, and of those that may end it. */
    void addLongAndEnds(Automaton automaton, State from, long[] allowed) {
        longTokens.walk(automaton, from, allowed);
        if (from.accepting) {
            for (int end : endOfGeneration) {
                allowed[end >> 6] |= 1L << end;
            }
        }
    }

    /**
     * A tree laid out in the order in which it is walked: a walk is one pass over flat arrays that jumps over what a
     * grammar rules out.
     */
    private static final class Tree {

        // One entry per node below the root, a parent before its children.
        private final byte[] bytes;
        private final short[] depths; // 1 for a first byte
        private final int[] afters; // the node that follows the node's whole subtree
        private final int[] tokens; // the token that ends here, or -1
        private final int[] twins; // by token: another token of the same bytes, or -1
        private final int depthMax;

        Tree(Tokenizer tokenizer, int bytesMin, int bytesMax) {
            List<Integer> sorted = IntStream.range(0, tokenizer.vocabularySize())
                    .filter(id -> tokenizer.kind(id) == TokenKind.TEXT
                            && tokenizer.bytes(id).length >= bytesMin
                            && tokenizer.bytes(id).length <= bytesMax)
                    .boxed()
                    .sorted((first, second) -> Arrays.compareUnsigned(tokenizer.bytes(first), tokenizer.bytes(second)))
                    .toList();
            int nodesMax =
                    sorted.stream().mapToInt(id -> tokenizer.bytes(id).length).sum();
            byte[] nodeBytes = new byte[nodesMax];
            short[] nodeDepths = new short[nodesMax];
            int[] nodeTokens = new int[nodesMax];
            twins = new int[tokenizer.vocabularySize()];
            Arrays.fill(twins, -1);
            int nodes = 0;
            int longest = 0;
            byte[] previous = new byte[0];
            for (int id : sorted) {
                byte[] token = tokenizer.bytes(id);
                longest = Math.max(longest, token.length);
                int shared = Arrays.mismatch(previous, token);
                if (shared < 0) {
                    twins[id] = nodeTokens[nodes - 1];
                    nodeTokens[nodes - 1] = id;
                    continue;
                }
                for (int i = shared; i < token.length; i++) {
                    nodeBytes[nodes] = token[i];
                    nodeDepths[nodes] = (short) (i + 1);
                    nodeTokens[nodes++] = i + 1 == token.length ? id : -1;
                }
                previous = token;
            }
            bytes = Arrays.copyOf(nodeBytes, nodes);
            depths = Arrays.copyOf(nodeDepths, nodes);
            tokens = Arrays.copyOf(nodeTokens, nodes);
            afters = afters(depths, longest);
            depthMax = longest;
        }

        private static int[] afters(short[] depths, int depthMax) {
            int[] afters = new int[depths.length];
            int[] open = new int[depthMax + 1]; // by depth: the node whose subtree has not ended, or -1
            Arrays.fill(open, -1);
            for (int node = 0; node <= depths.length; node++) {
                int depth = node == depths.length ? 1 : depths[node];
                for (int deeper = depth; deeper <= depthMax && open[deeper] >= 0; deeper++) {
                    afters[open[deeper]] = node;
                    open[deeper] = -1;
                }
                if (node < depths.length) {
                    open[depth] = node;
                }
            }
            return afters;
        }

        void walk(Automaton automaton, State from, long[] allowed) {
            @Nullable State[] path = new @Nullable State[depthMax + 1];
            path[0] = from;
            for (int node = 0; node < bytes.length; ) {
                int depth = depths[node];
                State before = path[depth - 1];
                State after = before == null ? null : automaton.next(before, bytes[node] & 0xFF);
                if (after == null) {
                    node = afters[node];
                    continue;
                }
                path[depth] = after;
                for (int token = tokens[node]; token >= 0; token = twins[token]) {
                    allowed[token >> 6] |= 1L << token;
                }
                node++;
            }
        }
    }
}
