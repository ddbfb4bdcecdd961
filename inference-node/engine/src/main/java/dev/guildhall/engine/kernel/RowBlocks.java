package dev.guildhall.engine.kernel;

/**
 * Rows of an input, eight side by side, so that a kernel finds the numbers of one column together; strip by strip, so that a panel
 * that goes through all blocks with one strip reads one stream.
 */
final class RowBlocks {

    /** Rows of a block; zeros stand in for those that are not there. */
    static final int WIDTH = Tiles.WIDTH;

    private int columns;
    private int blocks;
    private float[] values = new float[0]; // [strip, block, column of strip, WIDTH]
    private final ColumnSums sums = new ColumnSums(); // [strip, block, group of strip, WIDTH]
    private int[] sumColumns = {};

    /** @param sumColumns over how many columns sums are kept, at each number of columns that somebody needs */
    void resize(int blocks, int columns, int[] sumColumns) {
        this.blocks = blocks;
        this.columns = columns;
        this.sumColumns = sumColumns;
        if (values.length < blocks * columns * WIDTH) {
            values = new float[blocks * columns * WIDTH];
        }
        for (int groupColumns : sumColumns) {
            sums.resize(groupColumns, blocks * ColumnSums.groups(columns, groupColumns) * WIDTH);
        }
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
        for (int groupColumns : sumColumns) {
            putSums(groupColumns, block, x, firstRow, endRow, from, to);
        }
    }

    private void putSums(int groupColumns, int block, float[] x, int firstRow, int endRow, int from, int to) {
        float[] target = sums.of(groupColumns);
        int out = sumsAt(block, from, groupColumns);
        for (int group = from / groupColumns; group < ColumnSums.groups(to, groupColumns); group++) {
            for (int i = 0; i < WIDTH; i++) {
                int row = firstRow + i;
                target[out + i] = row < endRow ? ColumnSums.sum(x, row * columns, group, groupColumns, columns) : 0;
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

    float[] values() {
        return values;
    }

    /** Where a column of a block begins; those of its strip follow. */
    int at(int block, int column) {
        int strip = column / Panels.STRIP_COLUMNS * Panels.STRIP_COLUMNS;
        int stripColumns = Math.min(Panels.STRIP_COLUMNS, columns - strip);
        return (strip * blocks + block * stripColumns + column - strip) * WIDTH;
    }

    /** Over so many columns each. */
    float[] sums(int groupColumns) {
        return sums.of(groupColumns);
    }

    /** Where the sums from a column on begin, as far as its strip. */
    int sumsAt(int block, int column, int groupColumns) {
        int strip = column / Panels.STRIP_COLUMNS * Panels.STRIP_COLUMNS;
        int stripGroups = ColumnSums.groups(Math.min(Panels.STRIP_COLUMNS, columns - strip), groupColumns);
        return (strip / groupColumns * blocks + block * stripGroups + (column - strip) / groupColumns) * WIDTH;
    }
}
