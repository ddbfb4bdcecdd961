package dev.guildhall.engine.cache;

import dev.guildhall.engine.tensor.KeyValueShape;
import dev.guildhall.engine.tensor.KeyValueType;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The memory that all sequences of a model share, in blocks. Those that nobody uses stay findable by what they hold until
 * they are needed again, the longest unused first. Not for use by several threads.
 */
public final class BlockPool {

    /** Positions of a block. */
    public static final int POSITIONS = Block.POSITIONS;

    /** A shorter beginning of a block is computed again: it costs less than the copy. */
    private static final int SHARED_TOKENS_MIN = 16;

    private final int layers;
    private final KeyValueShape shape;
    private final KeyValueType type;
    private final int blocksMax;

    private int allocated;
    private final Deque<Block> blank = new ArrayDeque<>();
    private final LinkedHashSet<Block> idle = new LinkedHashSet<>(); // findable and unused, the longest unused first
    private final Map<ChainKey, List<Block>> findable = new HashMap<>(); // by what comes before

    /** A block and how many of its positions hold what was looked for. */
    record Found(Block block, int tokens) {}

    /** @param blocksMax that there will be at most; they are allocated as they are needed */
    public BlockPool(int layers, KeyValueShape shape, KeyValueType type, int blocksMax) {
        if (layers < 1 || blocksMax < 1) {
            throw new IllegalArgumentException(
                    "a pool of %d blocks with %d layers holds nothing".formatted(blocksMax, layers));
        }
        this.layers = layers;
        this.shape = shape;
        this.type = type;
        this.blocksMax = blocksMax;
    }

    /** Blocks that {@code tokens} take. */
    public static int blocks(long tokens) {
        return Math.toIntExact((tokens + POSITIONS - 1) / POSITIONS);
    }

    int layers() {
        return layers;
    }

    public int blocksMax() {
        return blocksMax;
    }

    /** Blocks that no sequence uses: what can be had. */
    public int free() {
        return blocksMax - allocated + blank.size() + idle.size();
    }

    /** A block of one's own, or null when all are in use. */
    @Nullable
    Block take() {
        Block block = blank.poll();
        if (block == null && allocated < blocksMax) {
            block = new Block(layers, shape, type);
            allocated++;
        }
        if (block == null && !idle.isEmpty()) {
            block = idle.removeFirst();
            forget(block);
        }
        if (block != null) {
            block.users = 1;
        }
        return block;
    }

    void use(Block block) {
        if (block.users++ == 0) {
            idle.remove(block);
        }
    }

    void release(Block block) {
        if (--block.users > 0) {
            return;
        }
        if (block.content == null) {
            blank.push(block);
        } else {
            idle.add(block);
        }
    }

    /** The block after {@code before} that holds most of the tokens at {@code from} and on, if any holds enough. */
    @Nullable
    Found find(ChainKey before, int[] tokens, int from, int to) {
        Found best = null;
        for (Block block : findable.getOrDefault(before, List.of())) {
            int shared = shared(block, tokens, from, to);
            if (shared >= SHARED_TOKENS_MIN && (best == null || shared > best.tokens)) {
                best = new Found(block, shared);
            }
        }
        return best;
    }

    private static int shared(Block block, int[] tokens, int from, int to) {
        int[] held = Objects.requireNonNull(block.content).tokens();
        int most = Math.min(held.length, to - from);
        int difference = Arrays.mismatch(held, 0, most, tokens, from, from + most);
        return difference < 0 ? most : difference;
    }

    /** Lets later sequences find a block, unless another holds the same. */
    void remember(Block block, Block.Content content) {
        if (content.tokens().length < SHARED_TOKENS_MIN) {
            return;
        }
        Found known = find(content.before(), content.tokens(), 0, content.tokens().length);
        if (block.content == null && (known == null || known.tokens < content.tokens().length)) {
            block.content = content;
            findable.computeIfAbsent(content.before(), _ -> new ArrayList<>()).add(block);
        }
    }

    /** Nobody is to find the block any more. */
    void forget(Block block) {
        ChainKey before = Objects.requireNonNull(block.content).before();
        List<Block> others = findable.get(before);
        if (others != null && others.remove(block) && others.isEmpty()) {
            findable.remove(before);
        }
        block.content = null;
    }
}
