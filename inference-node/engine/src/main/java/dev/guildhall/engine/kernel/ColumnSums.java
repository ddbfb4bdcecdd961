package dev.guildhall.engine.kernel;

/** Sums over groups of an input's columns, which offsets are multiplied by. Types have groups of 16 or of 32. */
final class ColumnSums {

    private static final int GROUP_MIN = 16;

    private final float[][] sums = new float[3][0]; // [columns of a group / 16]

    /** Makes room for so many sums over groups of {@code groupColumns}. */
    void resize(int groupColumns, int count) {
        int index = groupColumns / GROUP_MIN;
        if (sums[index].length < count) {
            sums[index] = new float[count];
        }
    }

    /** Those over groups of {@code groupColumns}. */
    float[] of(int groupColumns) {
        return sums[groupColumns / GROUP_MIN];
    }

    /** Those of rows alone: {@code [row, group]}. */
    void put(int groupColumns, float[] x, int firstRow, int endRow, int columns) {
        float[] target = of(groupColumns);
        int groups = groups(columns, groupColumns);
        for (int row = firstRow; row < endRow; row++) {
            for (int group = 0; group < groups; group++) {
                target[row * groups + group] = sum(x, row * columns, group, groupColumns, columns);
            }
        }
    }

    static int groups(int columns, int groupColumns) {
        return (columns + groupColumns - 1) / groupColumns;
    }

    /** Over a group of the row that starts at {@code rowAt}; a last one may be short. */
    static float sum(float[] x, int rowAt, int group, int groupColumns, int columns) {
        int from = rowAt + group * groupColumns;
        int to = rowAt + Math.min(columns, (group + 1) * groupColumns);
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
}
