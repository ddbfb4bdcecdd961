package dev.guildhall.engine.kernel;

/** Rows of an input, eight side by side, so that a kernel finds the numbers of one column together. */
final class RowBlocks {

    /** Rows of a block; zeros stand in for those that are not there. */
    static final int WIDTH = Tiles.WIDTH;

    /** Columns whose sum is kept. */
    static final int SUM_COLUMNS = 32;

    private int columns;
    private float[] values = new float[0]; // [block, column, WIDTH]
    private float[] groupSums = new float[0]; // [block, column/32, WIDTH]

    void resize(int blocks, int columns) {
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

    /** Takes rows of {@code x}, at most a block. */
    void put(int block, float[] x, int firstRow, int endRow) {
        int groups = groups(columns);
        int sumsOut = block * groups * WIDTH;
        if (endRow - firstRow == WIDTH) {
            putAll(x, firstRow * columns, at(block, 0));
        } else {
            putSome(x, firstRow, endRow - firstRow, at(block, 0));
        }
        for (int i = 0; i < WIDTH; i++) {
            int row = firstRow + i;
            for (int group = 0; group < groups; group++) {
                groupSums[sumsOut + group * WIDTH + i] = row < endRow ? sum(x, row * columns, group, columns) : 0;
            }
        }
    }

    /** Column by column, so that what is written lies together. */
    private void putAll(float[] x, int in, int out) {
        for (int column = 0; column < columns; column++) {
            int at = out + column * WIDTH;
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

    private void putSome(float[] x, int firstRow, int rows, int out) {
        for (int column = 0; column < columns; column++) {
            for (int i = 0; i < WIDTH; i++) {
                values[out + column * WIDTH + i] = i < rows ? x[(firstRow + i) * columns + column] : 0;
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

    /** Where a column of a block begins. */
    int at(int block, int column) {
        return (block * columns + column) * WIDTH;
    }

    float[] groupSums() {
        return groupSums;
    }

    /** Where the sums from a column on begin. */
    int sumsAt(int block, int column) {
        return (block * groups(columns) + column / SUM_COLUMNS) * WIDTH;
    }
}
