package dev.guildhall.engine.kernel;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Products of panels with the rows of an input, shared out over all threads. A few rows go through a panel by twos;
 * more go through it strip by strip, so that each code is read once for all of them and converted once for eight.
 */
final class PanelProducts {

    /** Fewer rows go through a panel two at a time, which costs less than eight of which most are not there. */
    private static final int TOGETHER_MIN = 5;

    /**
     * What part of the panels that are left, and of a thread's share of them, a thread takes at a time. Neighbours, because the
     * processor reads ahead along a stream, which two threads that take turns at panels would break; fewer and fewer, so that all
     * end together ("guided self-scheduling").
     */
    private static final int PARTS_OF_SHARE = 4;

    private static final int PANEL_ROWS = Lanes.PANEL_ROWS;

    private final Workers workers;
    private final Scratch[] scratch;
    private final ColumnSums sums = new ColumnSums(); // [row, group]
    private final RowBlocks blocks = new RowBlocks();

    /** Memory of one thread. */
    private static final class Scratch {
        final Panels.Scratch panels = new Panels.Scratch();
        final float[] result = new float[2 * PANEL_ROWS]; // [input row, row]
        float[] results = new float[0]; // [input row, row]

        float[] results(int size) {
            if (results.length < size) {
                results = new float[size];
            }
            return results;
        }
    }

    /** Up to eight rows of the input, to be laid side by side as {@code block}, or summed where they go {@link #ALONE}. */
    private record Preparation(int firstRow, int endRow, int block) {

        static final int ALONE = -1;
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
        prepare(x, columns, preparations(products, firstBlocks), sumColumns(products));

        Parts panels = new Parts(products.size(), i -> (products.get(i).matrix().rows() + PANEL_ROWS - 1) / PANEL_ROWS);
        int[] runs = runs(panels.items());
        workers.run(runs.length - 1, (worker, item) -> {
            for (int panel = runs[item]; panel < runs[item + 1]; panel++) {
                int index = panels.partOf(panel);
                multiply(products.get(index), panel - panels.firstItem(index), x, firstBlocks[index], scratch[worker]);
            }
        });
    }

    /** Where runs of neighbouring panels begin, and where the last ends. */
    private int[] runs(int panels) {
        IntStream.Builder starts = IntStream.builder();
        for (int panel = 0; panel < panels; ) {
            starts.add(panel);
            panel += Math.max(1, (panels - panel) / (workers.count() * PARTS_OF_SHARE));
        }
        return starts.add(panels).build().toArray();
    }

    private void multiply(Product product, int panel, float[] x, int firstBlock, Scratch own) {
        if (product.rowCount() < TOGETHER_MIN) {
            multiplyRows(product, panel, x, own);
        } else {
            multiplyBlocks(product, panel, firstBlock, own);
        }
    }

    /** Products next to each other that read the same rows share what is prepared of them. */
    private static List<Preparation> preparations(List<Product> products, int[] firstBlocks) {
        List<Preparation> preparations = new ArrayList<>();
        int blockCount = 0;
        for (int i = 0; i < products.size(); i++) {
            Product product = products.get(i);
            if (i > 0 && product.sharesRowsWith(products.get(i - 1))) {
                firstBlocks[i] = firstBlocks[i - 1];
                continue;
            }
            firstBlocks[i] = blockCount;
            for (int row = product.firstRow(); row < product.endRow(); row += RowBlocks.WIDTH) {
                int end = Math.min(product.endRow(), row + RowBlocks.WIDTH);
                preparations.add(new Preparation(
                        row, end, product.rowCount() < TOGETHER_MIN ? Preparation.ALONE : blockCount++));
            }
        }
        return preparations;
    }

    /** Over how many columns of the input sums are needed, each number once. */
    private static int[] sumColumns(List<Product> products) {
        return products.stream()
                .mapToInt(product -> ((PanelMatrix) product.matrix()).panels().sumColumns())
                .filter(count -> count > 0)
                .distinct()
                .toArray();
    }

    private void prepare(float[] x, int columns, List<Preparation> preparations, int[] sumColumns) {
        int blockCount = 0;
        int rows = 0;
        for (Preparation preparation : preparations) {
            blockCount = Math.max(blockCount, preparation.block + 1);
            rows = Math.max(rows, preparation.block == Preparation.ALONE ? preparation.endRow : 0);
        }
        blocks.resize(blockCount, columns, sumColumns);
        for (int groupColumns : sumColumns) {
            sums.resize(groupColumns, rows * ColumnSums.groups(columns, groupColumns));
        }
        int strips = (columns + Panels.STRIP_COLUMNS - 1) / Panels.STRIP_COLUMNS;
        // Few blocks would leave threads without work.
        int parts = blockCount == preparations.size() && blockCount < workers.count() ? strips : 1;
        workers.run(preparations.size() * parts, (_, item) -> {
            Preparation preparation = preparations.get(item / parts);
            if (preparation.block == Preparation.ALONE) {
                for (int groupColumns : sumColumns) {
                    sums.put(groupColumns, x, preparation.firstRow, preparation.endRow, columns);
                }
            } else {
                for (int strip = item % parts; strip < strips; strip += parts) {
                    blocks.put(preparation.block, x, preparation.firstRow, preparation.endRow, strip);
                }
            }
        });
    }

    private void multiplyRows(Product product, int panel, float[] x, Scratch own) {
        PanelMatrix matrix = (PanelMatrix) product.matrix();
        Panels panels = matrix.panels();
        int count = product.rowCount();
        for (int i = 0; i + 1 < count; i += 2) {
            panels.multiplyTwo(panel, x, product.firstRow() + i, sums, own.result, own.panels);
            store(own.result, 0, product, i, panel);
            store(own.result, PANEL_ROWS, product, i + 1, panel);
        }
        if (count % 2 == 1) {
            panels.multiply(panel, x, product.firstRow() + count - 1, sums, own.result, own.panels);
            store(own.result, 0, product, count - 1, panel);
        }
    }

    private void multiplyBlocks(Product product, int panel, int firstBlock, Scratch own) {
        PanelMatrix matrix = (PanelMatrix) product.matrix();
        int columns = matrix.columns();
        int blockCount = (product.rowCount() + RowBlocks.WIDTH - 1) / RowBlocks.WIDTH;
        int size = blockCount * RowBlocks.WIDTH * PANEL_ROWS;
        float[] results = own.results(size);
        Arrays.fill(results, 0, size, 0);
        for (int from = 0; from < columns; from += Panels.STRIP_COLUMNS) {
            int to = Math.min(columns, from + Panels.STRIP_COLUMNS);
            matrix.panels().addProduct(panel, from, to, blocks, firstBlock, product.rowCount(), results, own.panels);
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
