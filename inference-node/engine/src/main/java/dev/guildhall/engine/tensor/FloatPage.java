package dev.guildhall.engine.tensor;

/**
 * A page of floats. The layouts let the attention kernel read eight positions, or eight elements, side by side:
 *
 * <pre>
 * keys   [keyValueHead, element, position]   f32
 * values [keyValueHead, position, element]   f32, or none where values are the beginning of keys
 * </pre>
 */
public final class FloatPage implements KeyValuePage {

    private final KeyValueShape shape;
    private final float[] keys;
    private final float[] values;

    FloatPage(KeyValueShape shape) {
        this.shape = shape;
        keys = new float[shape.keysSize() * POSITIONS];
        values = new float[shape.valuesInKeys() ? 0 : shape.valuesSize() * POSITIONS];
    }

    @Override
    public KeyValueShape shape() {
        return shape;
    }

    public float[] keys() {
        return keys;
    }

    /** Where values are found: among the keys where they are the beginning of those. */
    public float[] values() {
        return shape.valuesInKeys() ? keys : values;
    }

    @Override
    public void write(int position, float[] keyRows, float[] valueRows, int row) {
        int keysSize = shape.keysSize();
        for (int i = 0; i < keysSize; i++) {
            keys[i * POSITIONS + position] = keyRows[row * keysSize + i];
        }
        if (!shape.valuesInKeys()) {
            int size = shape.valueSize();
            for (int head = 0; head < shape.heads(); head++) {
                System.arraycopy(
                        valueRows,
                        row * shape.valuesSize() + head * size,
                        values,
                        (head * POSITIONS + position) * size,
                        size);
            }
        }
    }

    @Override
    public void copy(KeyValuePage source) {
        FloatPage other = (FloatPage) source;
        System.arraycopy(other.keys, 0, keys, 0, keys.length);
        System.arraycopy(other.values, 0, values, 0, values.length);
    }

    @Override
    public float key(int head, int element, int position) {
        return keys[(head * shape.keySize() + element) * POSITIONS + position];
    }

    @Override
    public float value(int head, int element, int position) {
        return shape.valuesInKeys()
                ? key(head, element, position)
                : values[(head * POSITIONS + position) * shape.valueSize() + element];
    }

    @Override
    public long bytes() {
        return 4L * (keys.length + values.length);
    }
}
