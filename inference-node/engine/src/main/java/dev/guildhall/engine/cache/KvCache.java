package dev.guildhall.engine.cache;

import dev.guildhall.engine.tensor.KeyValuePages;
import dev.guildhall.engine.tensor.KeyValueShape;
import dev.guildhall.engine.tensor.KeyValueType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Keys and values of one sequence: a table of blocks from a pool. Memory grows with the tokens that are in it, never beyond
 * {@link #tokensMax}; blocks that other sequences use, or could find, are copied before they are written. One user at a time.
 */
public final class KvCache implements AutoCloseable {

    private static final int POSITIONS = Block.POSITIONS;

    private final BlockPool pool;
    private final CacheScope scope;
    private final int tokensMax;
    private final List<Block> blocks = new ArrayList<>();
    private final List<KeyValuePages> layers = new ArrayList<>();

    /** Keys before each block that is known by its tokens, and after the last of them. */
    private final List<ChainKey> keys = new ArrayList<>();

    private int length;
    private boolean closed;

    public KvCache(BlockPool pool, CacheScope scope, int tokensMax) {
        this.pool = pool;
        this.scope = scope;
        this.tokensMax = tokensMax;
        for (int layer = 0; layer < pool.layers(); layer++) {
            layers.add(new KeyValuePages());
        }
        keys.add(ChainKey.of(scope));
    }

    /** A cache with memory of its own. */
    public static KvCache alone(int layers, KeyValueShape shape, KeyValueType type, int tokensMax, double ropeFactor) {
        BlockPool pool = new BlockPool(layers, shape, type, BlockPool.blocks(tokensMax));
        return new KvCache(pool, new CacheScope("", ropeFactor, ""), tokensMax);
    }

    /** Tokens whose keys and values are held. */
    public int length() {
        return length;
    }

    public int tokensMax() {
        return tokensMax;
    }

    public CacheScope scope() {
        return scope;
    }

    /** By which the context is stretched: what was computed with one is wrong with another. */
    public double ropeFactor() {
        return scope.ropeFactor();
    }

    /** Blocks in the table, shared ones included. */
    public int blockCount() {
        return blocks.size();
    }

    /**
     * Goes on with what the pool holds of {@code tokens}, of which this cache has the first {@link #length}.
     *
     * @param end token at which to stop at the latest
     * @return tokens that came to it
     */
    public int adopt(int[] tokens, int end) {
        int before = length;
        while (length % POSITIONS == 0 && keys.size() == length / POSITIONS + 1) {
            BlockPool.Found found = pool.find(keys.getLast(), tokens, length, Math.min(end, tokensMax));
            if (found == null) {
                break;
            }
            truncate(length); // what was reserved and not written yet
            pool.use(found.block());
            add(found.block());
            length += found.tokens();
            if (found.tokens() == POSITIONS) {
                keys.add(keys.getLast().then(tokens, length - POSITIONS, length));
            }
        }
        return length - before;
    }

    /** What stands for the whole blocks, each with all before it, that come with {@code tokens} up to {@code end}. */
    public List<ChainKey> nextBlocks(int[] tokens, int end) {
        List<ChainKey> next = new ArrayList<>();
        if (length % POSITIONS == 0 && keys.size() == length / POSITIONS + 1) {
            ChainKey key = keys.getLast();
            for (int from = length; from + POSITIONS <= end; from += POSITIONS) {
                key = key.then(tokens, from, from + POSITIONS);
                next.add(key);
            }
        }
        return next;
    }

    /** Lets later sequences find the whole blocks of {@code tokens} that are here. */
    public void remember(int[] tokens) {
        for (int block = keys.size() - 1; (block + 1) * POSITIONS <= length; block++) {
            remember(block, tokens, POSITIONS);
        }
    }

    private void remember(int block, int[] tokens, int count) {
        int from = block * POSITIONS;
        ChainKey before = keys.get(block);
        ChainKey after = before.then(tokens, from, from + count);
        pool.remember(
                blocks.get(block), new Block.Content(before, after, Arrays.copyOfRange(tokens, from, from + count)));
        if (count == POSITIONS) {
            keys.add(after);
        }
    }

    /** Makes room for {@code tokens} more that are about to be written. False, and nothing changed, when there is no memory. */
    public boolean reserve(int tokens) {
        checkRoom(tokens);
        int wanted = Math.max(0, BlockPool.blocks(length + tokens) - blocks.size());
        boolean copies = length % POSITIONS != 0 && !mayBeWritten(blocks.get(length / POSITIONS), wanted);
        if (wanted + (copies ? 1 : 0) > pool.free()) {
            return false;
        }
        if (copies) {
            replace(length / POSITIONS);
        }
        for (int i = 0; i < wanted; i++) {
            add(taken());
        }
        return true;
    }

    /** A block that others could find is given up to be written when there is no memory for a copy. */
    private boolean mayBeWritten(Block block, int blocksWanted) {
        if (block.users == 1 && block.content != null && pool.free() == blocksWanted) {
            pool.forget(block);
        }
        return block.users == 1 && block.content == null;
    }

    private Block taken() {
        Block block = pool.take();
        if (block == null) {
            throw new IllegalStateException("the pool has fewer free blocks than it said");
        }
        return block;
    }

    private void add(Block block) {
        blocks.add(block);
        for (int layer = 0; layer < layers.size(); layer++) {
            layers.get(layer).add(block.page(layer));
        }
    }

    private void replace(int index) {
        Block shared = blocks.get(index);
        Block own = taken();
        own.copy(shared);
        blocks.set(index, own);
        for (int layer = 0; layer < layers.size(); layer++) {
            layers.get(layer).set(index, own.page(layer));
        }
        pool.release(shared);
    }

    /** Forgets the tokens at {@code newLength} and after it, so that the sequence can go on differently from there. */
    public void truncate(int newLength) {
        if (newLength < 0 || newLength > length) {
            throw new IllegalArgumentException("a cache of %d tokens cannot be cut to %d".formatted(length, newLength));
        }
        length = newLength;
        // The end of a text is the first to go when memory is wanted, as it is of no use without the beginning.
        while (blocks.size() > BlockPool.blocks(newLength)) {
            pool.release(blocks.removeLast());
            layers.forEach(KeyValuePages::removeLast);
        }
        while (keys.size() > newLength / POSITIONS + 1) {
            keys.removeLast();
        }
    }

    /** Refuses what does not fit, before anything of it is computed. */
    public void checkRoom(int tokens) {
        if (closed) {
            throw new IllegalStateException("the cache was closed");
        }
        if (tokens > tokensMax - length) {
            throw new IllegalArgumentException("a cache of at most %d tokens that holds %d cannot take %d more"
                    .formatted(tokensMax, length, tokens));
        }
    }

    /** Pages of one layer; whoever writes them calls {@link #advance} once all layers have the tokens. */
    public KeyValuePages layer(int layer) {
        return layers.get(layer);
    }

    public void advance(int tokens) {
        checkRoom(tokens);
        length += tokens;
    }

    /** Memory of the blocks in the table. */
    public long bytes() {
        return blocks.isEmpty() ? 0 : blocks.size() * blocks.getFirst().bytes();
    }

    /** Gives all blocks back; later sequences find what they hold of {@code tokens}. */
    public void close(int[] tokens) {
        remember(tokens);
        int rest = length % POSITIONS;
        if (rest > 0) {
            remember(length / POSITIONS, tokens, rest);
        }
        close();
    }

    @Override
    public void close() {
        truncate(0);
        closed = true;
    }
}
