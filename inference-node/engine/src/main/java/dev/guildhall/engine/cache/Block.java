package dev.guildhall.engine.cache;

import dev.guildhall.engine.tensor.KeyValuePage;
import dev.guildhall.engine.tensor.KeyValueShape;
import dev.guildhall.engine.tensor.KeyValueType;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Keys and values of {@value KeyValuePage#POSITIONS} positions in all layers. */
final class Block {

    static final int POSITIONS = KeyValuePage.POSITIONS;

    private final List<KeyValuePage> pages = new ArrayList<>(); // [layer]

    /** Sequences that have it in their table. */
    int users;

    /** Under which later sequences find it, and by which tokens; null while nobody is to find it. */
    @Nullable
    Content content;

    /**
     * What a findable block holds. Its positions are never written again.
     *
     * @param before key of all that comes before it
     * @param after key with it included
     * @param tokens at most {@value KeyValuePage#POSITIONS}
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Content(ChainKey before, ChainKey after, int[] tokens) {}

    Block(int layers, KeyValueShape shape, KeyValueType type) {
        for (int layer = 0; layer < layers; layer++) {
            pages.add(type.newPage(shape));
        }
    }

    KeyValuePage page(int layer) {
        return pages.get(layer);
    }

    void copy(Block source) {
        for (int layer = 0; layer < pages.size(); layer++) {
            pages.get(layer).copy(source.pages.get(layer));
        }
    }

    long bytes() {
        return pages.size() * pages.getFirst().bytes();
    }
}
