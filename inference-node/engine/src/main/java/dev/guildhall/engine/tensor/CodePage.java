package dev.guildhall.engine.tensor;

/**
 * A page of bytes: {@code x = scale[group] · code}, where a group is {@value #GROUP} elements of a head at one position, and the
 * scale makes the largest of them 127. Half a step, 0.4 % of the largest, is the most that a number can be off.
 *
 * <pre>
 * keyCodes    [keyValueHead, element, position]   i8
 * keyScales   [keyValueHead, group, position]     f32
 * valueCodes  [keyValueHead, position, element]   i8; none where values are the beginning of keys
 * valueScales [keyValueHead, position, group]     f32; the same
 * </pre>
 */
public final class CodePage implements KeyValuePage {

    public static final int GROUP = 64;

    private static final int CODE_MAX = 127;

    private final KeyValueShape shape;
    private final int keyGroups;
    private final int valueGroups;
    private final byte[] keyCodes;
    private final float[] keyScales;
    private final byte[] valueCodes;
    private final float[] valueScales;

    CodePage(KeyValueShape shape) {
        this.shape = shape;
        keyGroups = groups(shape.keySize());
        valueGroups = groups(shape.valueSize());
        keyCodes = new byte[shape.keysSize() * POSITIONS];
        keyScales = new float[shape.heads() * keyGroups * POSITIONS];
        valueCodes = new byte[shape.valuesInKeys() ? 0 : shape.valuesSize() * POSITIONS];
        valueScales = new float[shape.valuesInKeys() ? 0 : shape.heads() * valueGroups * POSITIONS];
    }

    /** Groups of a head of {@code size} elements. */
    public static int groups(int size) {
        return (size + GROUP - 1) / GROUP;
    }

    @Override
    public KeyValueShape shape() {
        return shape;
    }

    public byte[] keyCodes() {
        return keyCodes;
    }

    public float[] keyScales() {
        return keyScales;
    }

    public byte[] valueCodes() {
        return valueCodes;
    }

    public float[] valueScales() {
        return valueScales;
    }

    @Override
    public void write(int position, float[] keyRows, float[] valueRows, int row) {
        for (int head = 0; head < shape.heads(); head++) {
            int size = shape.keySize();
            int source = row * shape.keysSize() + head * size;
            for (int group = 0; group < keyGroups; group++) {
                int from = group * GROUP;
                int to = Math.min(size, from + GROUP);
                float scale = scale(keyRows, source + from, source + to);
                keyScales[(head * keyGroups + group) * POSITIONS + position] = scale;
                for (int i = from; i < to; i++) {
                    keyCodes[(head * size + i) * POSITIONS + position] = code(keyRows[source + i], scale);
                }
            }
        }
        if (!shape.valuesInKeys()) {
            writeValues(position, valueRows, row);
        }
    }

    private void writeValues(int position, float[] rows, int row) {
        for (int head = 0; head < shape.heads(); head++) {
            int size = shape.valueSize();
            int source = row * shape.valuesSize() + head * size;
            int place = head * POSITIONS + position;
            for (int group = 0; group < valueGroups; group++) {
                int from = group * GROUP;
                int to = Math.min(size, from + GROUP);
                float scale = scale(rows, source + from, source + to);
                valueScales[place * valueGroups + group] = scale;
                for (int i = from; i < to; i++) {
                    valueCodes[place * size + i] = code(rows[source + i], scale);
                }
            }
        }
    }

    private static float scale(float[] row, int from, int to) {
        float largest = 0;
        for (int i = from; i < to; i++) {
            largest = Math.max(largest, Math.abs(row[i])); // NaN stays NaN
        }
        return largest / CODE_MAX;
    }

    private static byte code(float value, float scale) {
        return (byte) (scale == 0 ? 0 : Math.round(value / scale));
    }

    @Override
    public void copy(KeyValuePage source) {
        CodePage other = (CodePage) source;
        System.arraycopy(other.keyCodes, 0, keyCodes, 0, keyCodes.length);
        System.arraycopy(other.keyScales, 0, keyScales, 0, keyScales.length);
        System.arraycopy(other.valueCodes, 0, valueCodes, 0, valueCodes.length);
        System.arraycopy(other.valueScales, 0, valueScales, 0, valueScales.length);
    }

    @Override
    public float key(int head, int element, int position) {
        return keyScales[(head * keyGroups + element / GROUP) * POSITIONS + position]
                * keyCodes[(head * shape.keySize() + element) * POSITIONS + position];
    }

    @Override
    public float value(int head, int element, int position) {
        if (shape.valuesInKeys()) {
            return key(head, element, position);
        }
        int place = head * POSITIONS + position;
        return valueScales[place * valueGroups + element / GROUP] * valueCodes[place * shape.valueSize() + element];
    }

    @Override
    public long bytes() {
        return keyCodes.length + valueCodes.length + 4L * (keyScales.length + valueScales.length);
    }
}
