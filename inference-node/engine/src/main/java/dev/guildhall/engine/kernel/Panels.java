package dev.guildhall.engine.kernel;

/**
 * Weights cut into panels of {@link Lanes#PANEL_ROWS} rows, of which column after column lies together: a vector then
 * holds one column of many rows, so that sums need no horizontal step and each thread reads one linear stream. The last
 * panel is filled up with zeros.
 */
sealed interface Panels permits CodePanels, EighthPanels, FloatPanels, HalfPanels {

    /** Columns that a kernel takes at a time; a multiple of every group and block. */
    int STRIP_COLUMNS = 256;

    /**
     * {@code y[0 .. PANEL_ROWS) = W[panel] · x[xAt .. xAt + columns)}.
     *
     * @param groupSums sum of {@code x} over each 32 columns, from {@code sumsAt}
     * @param scratch of this thread
     */
    void multiply(int panel, float[] x, int xAt, float[] groupSums, int sumsAt, float[] y, Scratch scratch);

    /** {@code out[column - from][PANEL_ROWS] = W[panel]} as floats. */
    void unpack(int panel, int from, int to, float[] out, Scratch scratch);

    /** What the weights take in memory. */
    long bytes();

    /** Memory of one thread for scales as floats. */
    final class Scratch {
        private final float[] scales = new float[STRIP_COLUMNS / 16 * Lanes.PANEL_ROWS]; // [group, row]
        private final float[] offsets = new float[STRIP_COLUMNS / 16 * Lanes.PANEL_ROWS]; // [group, row]

        float[] scales() {
            return scales;
        }

        float[] offsets() {
            return offsets;
        }
    }
}
