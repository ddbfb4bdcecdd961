package dev.guildhall.engine.kernel;

/**
 * Weights cut into panels of {@link Lanes#PANEL_ROWS} rows, of which column after column lies together: a vector then
 * holds one column of many rows, so that sums need no horizontal step and each thread reads one linear stream. The last
 * panel is filled up with zeros.
 *
 * <p>Both products add up in the same order: what comes out for a row of the input does not depend on the rows beside it.
 */
sealed interface Panels permits CodePanels, EighthPanels, FloatPanels, HalfPanels {

    /** Columns that a kernel takes at a time; a multiple of every group and block. */
    int STRIP_COLUMNS = 256;

    /**
     * {@code y[PANEL_ROWS] = W[panel] · x[row]}.
     *
     * @param sums of {@code x} over each {@link #sumColumns} columns, {@code [row, group]}
     * @param scratch of this thread
     */
    void multiply(int panel, float[] x, int row, ColumnSums sums, float[] y, Scratch scratch);

    /** {@code y[2][PANEL_ROWS] = x[row .. row + 1] · W[panel]ᵀ}. */
    default void multiplyTwo(int panel, float[] x, int row, ColumnSums sums, float[] y, Scratch scratch) {
        multiply(panel, x, row + 1, sums, y, scratch);
        System.arraycopy(y, 0, y, Lanes.PANEL_ROWS, Lanes.PANEL_ROWS);
        multiply(panel, x, row, sums, y, scratch);
    }

    /**
     * {@code y[rows][PANEL_ROWS] += x[rows] · W[panel]ᵀ} over the columns of a strip.
     *
     * @param firstBlock of {@code x}, where the rows begin
     * @param y with room for whole blocks
     */
    void addProduct(int panel, int from, int to, RowBlocks x, int firstBlock, int rows, float[] y, Scratch scratch);

    /** Over how many columns of the input each this needs sums; 0 when it needs none. */
    default int sumColumns() {
        return 0;
    }

    /** What the weights take in memory. */
    long bytes();

    /** Memory of one thread, for a strip. */
    final class Scratch {
        private final float[] strip = new float[STRIP_COLUMNS * Lanes.PANEL_ROWS]; // [column, row]
        private final byte[] codes = new byte[(STRIP_COLUMNS + 32) * Lanes.PANEL_ROWS]; // [column, row]
        private final float[] scales = new float[STRIP_COLUMNS / 16 * Lanes.PANEL_ROWS]; // [group, row]
        private final float[] offsets = new float[STRIP_COLUMNS / 16 * Lanes.PANEL_ROWS]; // [group, row]

        private final float[] outer = new float[Lanes.PANEL_ROWS]; // [row]

        @SuppressWarnings("UnusedVariable") // see keep
        private int readAhead;

        /** Takes the sum of what was read only to have it near: the compiler leaves out what goes nowhere. */
        void keep(int sum) {
            readAhead += sum;
        }

        float[] strip() {
            return strip;
        }

        byte[] codes() {
            return codes;
        }

        float[] scales() {
            return scales;
        }

        float[] offsets() {
            return offsets;
        }

        float[] outer() {
            return outer;
        }
    }
}
