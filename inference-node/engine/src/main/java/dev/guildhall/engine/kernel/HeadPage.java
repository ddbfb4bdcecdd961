package dev.guildhall.engine.kernel;

import dev.guildhall.engine.tensor.CodePage;
import dev.guildhall.engine.tensor.FloatPage;
import dev.guildhall.engine.tensor.KeyValuePage;

/** Keys and values of one head of a page, as floats: where the page is one of bytes, what they stand for. */
final class HeadPage {

    private static final int POSITIONS = KeyValuePage.POSITIONS;

    private final AttentionShape shape;
    private float[] keys = new float[0];
    private float[] values = new float[0];
    private int firstKey;
    private int firstValue;
    private float[] unpackedKeys = new float[0]; // [element, position]
    private float[] unpackedValues = new float[0]; // [position, element]

    HeadPage(AttentionShape shape) {
        this.shape = shape;
    }

    /** Turns to a page, of which the first {@code count} positions are wanted. */
    void open(KeyValuePage page, int head, int count) {
        boolean valuesInKeys = shape.cache().valuesInKeys();
        switch (page) {
            case FloatPage floats -> {
                keys = floats.keys();
                values = floats.values();
                firstKey = head * shape.keySize() * POSITIONS;
                firstValue = valuesInKeys ? firstKey : head * shape.valueSize() * POSITIONS;
            }
            case CodePage codes -> {
                if (unpackedKeys.length == 0) {
                    unpackedKeys = new float[shape.keySize() * POSITIONS];
                    unpackedValues = valuesInKeys ? unpackedKeys : new float[shape.valueSize() * POSITIONS];
                }
                keys = unpackedKeys;
                values = unpackedValues;
                firstKey = 0;
                firstValue = 0;
                CodePages.unpackKeys(codes, head, keys);
                if (!valuesInKeys) {
                    CodePages.unpackValues(codes, head, count, values);
                }
            }
        }
    }

    /** {@code [element, position]}, from {@link #firstKey} on. */
    float[] keys() {
        return keys;
    }

    int firstKey() {
        return firstKey;
    }

    /** {@code [position, element]} from {@link #firstValue} on; the keys, as those lie, where values are among them. */
    float[] values() {
        return values;
    }

    int firstValue() {
        return firstValue;
    }
}
