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
        for (int i = 0; i < WIDTH; i++) {
            int out = at(block, 0) + i;
            int sumsOut = block * groups * WIDTH + i;
            if (firstRow + i < endRow) {
                int in = (firstRow + i) * columns;
                for (int column = 0; column < columns; column++) {
                    values[out + column * WIDTH] = x[in + column];
                }
                for (int group = 0; group < groups; group++) {
                    groupSums[sumsOut + group * WIDTH] = sum(x, in, group, columns);
                }
            } else {
                for (int column = 0; column < columns; column++) {
                    values[out + column * WIDTH] = 0;
                }
                for (int group = 0; group < groups; group++) {
                    groupSums[sumsOut + group * WIDTH] = 0;
                }
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
