package dev.guildhall.engine.kernel;

/**
 * Rows of an input, eight side by side, so that a kernel finds the numbers of one column together; strip by strip, so that a panel
 * that goes through all blocks with one strip reads one stream.
 */
final class RowBlocks {

    /** Rows of a block; zeros stand in for those that are not there. */
    static final int WIDTH = Tiles.WIDTH;

    /** Columns whose sum is kept. */
    static final int SUM_COLUMNS = 32;

    private int columns;
    private int blocks;
    private float[] values = new float[0]; // [strip, block, column of strip, WIDTH]
    private float[] groupSums = new float[0]; // [strip, block, column of strip / 32, WIDTH]

    void resize(int blocks, int columns) {
        this.blocks = blocks;
        this.columns = columns;
        if (values.length < blocks * columns * WIDTH) {
            values = new float[blocks * columns * WIDTH];
        }
        int sums = blocks * groups(columns) * WIDTH;
        if (groupSums.length < sums) {
            groupSums = new float[sums];
        }
    }

    static int groups(int columns) {
        return (columns + SUM_COLUMNS - 1) / SUM_COLUMNS;
    }

    /** Takes one strip of rows of {@code x}, at most a block. */
    void put(int block, float[] x, int firstRow, int endRow, int strip) {
        int from = strip * Panels.STRIP_COLUMNS;
        int to = Math.min(columns, from + Panels.STRIP_COLUMNS);
        if (endRow - firstRow == WIDTH) {
            putAll(x, firstRow * columns, from, to, at(block, from));
        } else {
            putSome(x, firstRow, endRow - firstRow, from, to, at(block, from));
        }
        putSums(block, x, firstRow, endRow, from, to);
    }

    private void putSums(int block, float[] x, int firstRow, int endRow, int from, int to) {
        int out = sumsAt(block, from);
        for (int group = from / SUM_COLUMNS; group < groups(to); group++) {
            for (int i = 0; i < WIDTH; i++) {
                int row = firstRow + i;
                groupSums[out + i] = row < endRow ? sum(x, row * columns, group, columns) : 0;
            }
            out += WIDTH;
        }
    }

    /** Column by column, so that what is written lies together. */
    private void putAll(float[] x, int in, int firstColumn, int endColumn, int out) {
        for (int column = firstColumn; column < endColumn; column++) {
            int at = out + (column - firstColumn) * WIDTH;
            int from = in + column;
            values[at] = x[from];
            values[at + 1] = x[from + columns];
            values[at + 2] = x[from + 2 * columns];
            values[at + 3] = x[from + 3 * columns];
            values[at + 4] = x[from + 4 * columns];
            values[at + 5] = x[from + 5 * columns];
            values[at + 6] = x[from + 6 * columns];
            values[at + 7] = x[from + 7 * columns];
        }
    }

    private void putSome(float[] x, int firstRow, int rows, int firstColumn, int endColumn, int out) {
        for (int column = firstColumn; column < endColumn; column++) {
            for (int i = 0; i < WIDTH; i++) {
                values[out++] = i < rows ? x[(firstRow + i) * columns + column] : 0;
            }
        }
    }

    /** Of a group of a row that starts at {@code rowAt}. */
    static float sum(float[] x, int rowAt, int group, int columns) {
        int from = rowAt + group * SUM_COLUMNS;
        int to = rowAt + Math.min(columns, (group + 1) * SUM_COLUMNS);
        float sum0 = 0;
        float sum1 = 0;
        float sum2 = 0;
        float sum3 = 0;
        int i = from;
        // Four sums, for an addition takes four steps of the processor.
        for (; i + 3 < to; i += 4) {
            sum0 += x[i];
            sum1 += x[i + 1];
            sum2 += x[i + 2];
            sum3 += x[i + 3];
        }
        for (; i < to; i++) {
            sum0 += x[i];
        }
        return sum0 + sum1 + (sum2 + sum3);
    }

    float[] values() {
        return values;
    }

    /** Where a column of a block begins; those of its strip follow. */
    int at(int block, int column) {
        int strip = column / Panels.STRIP_COLUMNS * Panels.STRIP_COLUMNS;
        int stripColumns = Math.min(Panels.STRIP_COLUMNS, columns - strip);
        return (strip * blocks + block * stripColumns + column - strip) * WIDTH;
    }

    float[] groupSums() {
        return groupSums;
    }

    /** Where the sums from a column on begin, as far as its strip. */
    int sumsAt(int block, int column) {
        int strip = column / Panels.STRIP_COLUMNS * Panels.STRIP_COLUMNS;
        int stripGroups = groups(Math.min(Panels.STRIP_COLUMNS, columns - strip));
        return (strip / SUM_COLUMNS * blocks + block * stripGroups + (column - strip) / SUM_COLUMNS) * WIDTH;
    }
}
