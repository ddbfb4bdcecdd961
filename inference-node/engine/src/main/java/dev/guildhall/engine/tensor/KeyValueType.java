package dev.guildhall.engine.tensor;

/** How the numbers of a cache are stored. */
public enum KeyValueType {
    F32,
    /** Bytes, with a scale for each {@value CodePage#GROUP} elements of a head: 27 % of the memory. */
    Q8;

    /** What one position of one layer takes. */
    public long bytes(KeyValueShape shape) {
        return newPage(shape).bytes() / KeyValuePage.POSITIONS;
    }

    public KeyValuePage newPage(KeyValueShape shape) {
        return switch (this) {
            case F32 -> new FloatPage(shape);
            case Q8 -> new CodePage(shape);
        };
    }
}
