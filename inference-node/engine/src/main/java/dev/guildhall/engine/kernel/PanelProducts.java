package dev.guildhall.engine.kernel;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Products of panels with the rows of an input, shared out panel by panel over all threads. A product with few rows reads the
 * packed codes (memory-bound); one with many unpacks a strip of a panel to floats and runs it against all of them
 * (compute-bound).
 */
final class PanelProducts {

    /** From here on the unpacking pays: measured with 0.5 and 1.5 billion parameters. */
    private static final int ROWS_UNPACKED_MIN = 4;

    private static final int SUM_COLUMNS = 32;
    private static final int PANEL_ROWS = Lanes.PANEL_ROWS;

    private final Workers workers;
    private final Scratch[] scratch;
    private float[] groupSums = new float[0]; // [row, column/32]
    private float[] interleaved = new float[0]; // [block of eight rows, column, 8]

    /** Memory of one thread. */
    private static final class Scratch {
        final Panels.Scratch scales = new Panels.Scratch();
        final float[] strip = new float[Panels.STRIP_COLUMNS * PANEL_ROWS]; // [column, row]
        final float[] result = new float[PANEL_ROWS];
        float[] results = new float[0]; // [input row, row]

        float[] results(int size) {
            if (results.length < size) {
                results = new float[size];
            }
            return results;
        }
    }

    /** Up to eight rows of the input, to be laid side by side as {@code block}, or summed by groups where it is {@link #SUMS}. */
    private record Preparation(int firstRow, int endRow, int block) {

        static final int SUMS = -1;
    }

    PanelProducts(Workers workers) {
        this.workers = workers;
        scratch = new Scratch[workers.count()];
        for (int i = 0; i < scratch.length; i++) {
            scratch[i] = new Scratch();
        }
    }

    void run(float[] x, List<Product> products) {
        int columns = products.getFirst().matrix().columns();
        int[] firstBlocks = new int[products.size()];
        prepare(x, columns, preparations(products, firstBlocks));

        int[] firstItems = new int[products.size() + 1];
        for (int i = 0; i < products.size(); i++) {
            firstItems[i + 1] = firstItems[i] + (products.get(i).matrix().rows() + PANEL_ROWS - 1) / PANEL_ROWS;
        }
        workers.run(firstItems[products.size()], (worker, item) -> {
            int place = Arrays.binarySearch(firstItems, item);
            int index = place >= 0 ? place : -place - 2;
            int panel = item - firstItems[index];
            if (isUnpacked(products.get(index))) {
                multiplyUnpacked(products.get(index), panel, firstBlocks[index], scratch[worker]);
            } else {
                multiplyPacked(products.get(index), panel, x, scratch[worker]);
            }
        });
    }

    private static boolean isUnpacked(Product product) {
        return product.rowCount() >= ROWS_UNPACKED_MIN;
    }

    /** Products next to each other that read the same rows share what is prepared of them. */
    private static List<Preparation> preparations(List<Product> products, int[] firstBlocks) {
        List<Preparation> preparations = new ArrayList<>();
        int blocks = 0;
        for (int i = 0; i < products.size(); i++) {
            Product product = products.get(i);
            if (i > 0 && product.sharesRowsWith(products.get(i - 1))) {
                firstBlocks[i] = firstBlocks[i - 1];
                continue;
            }
            firstBlocks[i] = blocks;
            for (int row = product.firstRow(); row < product.endRow(); row += Tiles.WIDTH) {
                int end = Math.min(product.endRow(), row + Tiles.WIDTH);
                preparations.add(new Preparation(row, end, isUnpacked(product) ? blocks++ : Preparation.SUMS));
            }
        }
        return preparations;
    }

    private void prepare(float[] x, int columns, List<Preparation> preparations) {
        int groups = (columns + SUM_COLUMNS - 1) / SUM_COLUMNS;
        int blocks = 0;
        int rows = 0;
        for (Preparation preparation : preparations) {
            blocks = Math.max(blocks, preparation.block + 1);
            rows = Math.max(rows, preparation.block == Preparation.SUMS ? preparation.endRow : 0);
        }
        if (interleaved.length < blocks * columns * Tiles.WIDTH) {
            interleaved = new float[blocks * columns * Tiles.WIDTH];
        }
        if (groupSums.length < rows * groups) {
            groupSums = new float[rows * groups];
        }
        workers.run(preparations.size(), (_, item) -> {
            Preparation preparation = preparations.get(item);
            if (preparation.block == Preparation.SUMS) {
                for (int row = preparation.firstRow; row < preparation.endRow; row++) {
                    sumGroups(x, row, columns, groups);
                }
            } else {
                interleave(x, columns, preparation);
            }
        });
    }

    private void sumGroups(float[] x, int row, int columns, int groups) {
        for (int group = 0; group < groups; group++) {
            float sum = 0;
            int end = Math.min(columns, (group + 1) * SUM_COLUMNS);
            for (int column = group * SUM_COLUMNS; column < end; column++) {
                sum += x[row * columns + column];
            }
            groupSums[row * groups + group] = sum;
        }
    }

    /** Lays eight rows side by side, column by column; zeros stand in for rows that are not there. */
    private void interleave(float[] x, int columns, Preparation preparation) {
        int out = preparation.block * columns * Tiles.WIDTH;
        for (int i = 0; i < Tiles.WIDTH; i++) {
            int row = preparation.firstRow + i;
            for (int column = 0; column < columns; column++) {
                interleaved[out + column * Tiles.WIDTH + i] = row < preparation.endRow ? x[row * columns + column] : 0;
            }
        }
    }

    private void multiplyPacked(Product product, int panel, float[] x, Scratch own) {
        PanelMatrix matrix = (PanelMatrix) product.matrix();
        int columns = matrix.columns();
        int groups = (columns + SUM_COLUMNS - 1) / SUM_COLUMNS;
        for (int i = 0; i < product.rowCount(); i++) {
            int row = product.firstRow() + i;
            matrix.panels().multiply(panel, x, row * columns, groupSums, row * groups, own.result, own.scales);
            store(own.result, 0, product, i, panel);
        }
    }

    private void multiplyUnpacked(Product product, int panel, int firstBlock, Scratch own) {
        PanelMatrix matrix = (PanelMatrix) product.matrix();
        int columns = matrix.columns();
        int blocks = (product.rowCount() + Tiles.WIDTH - 1) / Tiles.WIDTH;
        float[] results = own.results(blocks * Tiles.WIDTH * PANEL_ROWS);
        Arrays.fill(results, 0, blocks * Tiles.WIDTH * PANEL_ROWS, 0);
        for (int from = 0; from < columns; from += Panels.STRIP_COLUMNS) {
            int to = Math.min(columns, from + Panels.STRIP_COLUMNS);
            matrix.panels().unpack(panel, from, to, own.strip, own.scales);
            for (int block = 0; block < blocks; block++) {
                Tiles.addPanelProduct(
                        own.strip,
                        0,
                        PANEL_ROWS,
                        interleaved,
                        ((firstBlock + block) * columns + from) * Tiles.WIDTH,
                        Tiles.WIDTH,
                        to - from,
                        results,
                        block * Tiles.WIDTH * PANEL_ROWS,
                        PANEL_ROWS);
            }
        }
        for (int i = 0; i < product.rowCount(); i++) {
            store(results, i * PANEL_ROWS, product, i, panel);
        }
    }

    /** The last panel may stand out over the matrix. */
    private static void store(float[] results, int at, Product product, int row, int panel) {
        int rows = product.matrix().rows();
        int first = panel * PANEL_ROWS;
        System.arraycopy(
                results,
                at,
                product.y(),
                (product.firstResult() + row) * rows + first,
                Math.min(PANEL_ROWS, rows - first));
    }
}
