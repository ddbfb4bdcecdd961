package dev.guildhall.engine.tensor;

/**
 * What a position keeps in one layer's cache.
 *
 * @param heads that keys and values have
 * @param keySize elements of a head's key
 * @param valueSize elements of a head's value
 * @param valuesInKeys whether the value is the first elements of the key and takes no memory of its own
 */
public record KeyValueShape(int heads, int keySize, int valueSize, boolean valuesInKeys) {

    public KeyValueShape {
        if (heads < 1 || keySize < 1 || valueSize < 1) {
            throw new IllegalArgumentException("%d heads with keys of %d and values of %d elements hold nothing"
                    .formatted(heads, keySize, valueSize));
        }
        if (valuesInKeys && valueSize > keySize) {
            throw new IllegalArgumentException(
                    "values of %d elements cannot be the beginning of keys of %d".formatted(valueSize, keySize));
        }
    }

    /** Elements of a position's keys. */
    public int keysSize() {
        return heads * keySize;
    }

    /** Elements of a position's values. */
    public int valuesSize() {
        return heads * valueSize;
    }

    /** Elements that a position takes. */
    public int size() {
        return keysSize() + (valuesInKeys ? 0 : valuesSize());
    }
}
