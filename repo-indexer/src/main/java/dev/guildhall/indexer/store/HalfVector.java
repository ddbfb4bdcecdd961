package dev.guildhall.indexer.store;

/** pgvector's text form of a vector, which the database casts to {@code halfvec}. */
final class HalfVector {

    private HalfVector() {}

    static String literal(float[] vector) {
        StringBuilder text = new StringBuilder(vector.length * 10).append('[');
        for (int index = 0; index < vector.length; index++) {
            if (index > 0) {
                text.append(',');
            }
            text.append(vector[index]);
        }
        return text.append(']').toString();
    }
}
