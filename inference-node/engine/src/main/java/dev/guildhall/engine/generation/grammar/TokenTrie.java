package dev.guildhall.engine.generation.grammar;

import dev.guildhall.engine.tokenizer.TokenKind;
import dev.guildhall.engine.tokenizer.Tokenizer;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The text tokens of a vocabulary as a tree of bytes, laid out in the order in which it is walked: a walk is one pass
 * over flat arrays that jumps over what a grammar rules out.
 */
public final class TokenTrie {

    private final int vocabularySize;
    private final int[] endOfGeneration;
    private final int tokenBytesMax;

    // One entry per node below the root, a parent before its children.
    private final byte[] bytes;
    private final short[] depths; // 1 for a first byte
    private final int[] afters; // the node that follows the node's whole subtree
    private final int[] tokens; // the token that ends here, or -1
    private final int[] twins; // per token: another token of the same bytes, or -1

    public TokenTrie(Tokenizer tokenizer) {
        vocabularySize = tokenizer.vocabularySize();
        endOfGeneration =
                tokenizer.endOfGeneration().stream().mapToInt(Integer::intValue).toArray();
        List<Integer> sorted = IntStream.range(0, vocabularySize)
                .filter(id -> tokenizer.kind(id) == TokenKind.TEXT)
                .boxed()
                .sorted((first, second) -> Arrays.compareUnsigned(tokenizer.bytes(first), tokenizer.bytes(second)))
                .toList();
        int nodesMax =
                sorted.stream().mapToInt(id -> tokenizer.bytes(id).length).sum();
        byte[] nodeBytes = new byte[nodesMax];
        short[] nodeDepths = new short[nodesMax];
        int[] nodeTokens = new int[nodesMax];
        twins = new int[vocabularySize];
        Arrays.fill(twins, -1);
        int nodes = 0;
        int longest = 0;
        byte[] previous = new byte[0];
        for (int id : sorted) {
            byte[] token = tokenizer.bytes(id);
            if (token.length > Short.MAX_VALUE) {
                throw new IllegalArgumentException("token %d has %,d bytes; at most %,d are expected"
                        .formatted(id, token.length, Short.MAX_VALUE));
            }
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
        tokenBytesMax = longest;
        afters = new int[nodes];
        int[] open = new int[longest + 1];
        Arrays.fill(open, -1);
        for (int node = 0; node <= nodes; node++) {
            int depth = node == nodes ? 1 : depths[node];
            for (int deeper = depth; deeper <= longest && open[deeper] >= 0; deeper++) {
                afters[open[deeper]] = node;
                open[deeper] = -1;
            }
            if (node < nodes) {
                open[depth] = node;
            }
        }
    }

    int tokenBytesMax() {
        return tokenBytesMax;
    }

    /** A bit for each token that keeps an answer within the grammar; those that end it where it is complete. */
    long[] allowed(Automaton automaton, State from) {
        long[] allowed = new long[(vocabularySize + 63) / 64];
        @Nullable State[] path = new @Nullable State[tokenBytesMax + 1];
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
        if (from.accepting) {
            for (int end : endOfGeneration) {
                allowed[end >> 6] |= 1L << end;
            }
        }
        return allowed;
    }
}
