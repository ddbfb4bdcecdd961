package dev.guildhall.engine.kernel;

/**
 * A matrix and the rows of an input that it multiplies.
 *
 * @param firstRow of the input
 * @param rowCount at least one
 * @param y where the results go, one row each
 * @param firstResult row of {@code y} where they begin
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record Product(Matrix matrix, int firstRow, int rowCount, float[] y, int firstResult) {

    boolean sharesRowsWith(Product other) {
        return firstRow == other.firstRow && rowCount == other.rowCount;
    }

    int endRow() {
        return firstRow + rowCount;
    }
}
