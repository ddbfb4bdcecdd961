package dev.guildhall.engine.kernel;

import java.util.List;

/** Checks of dimensions, made once at the entrance of the kernels. */
final class Shapes {

    private Shapes() {}

    static void check(float[] x, List<Product> products) {
        for (Product product : products) {
            Matrix matrix = product.matrix();
            long results = (long) product.firstResult() + product.rowCount();
            if (product.rowCount() < 1
                    || x.length < (long) product.endRow() * matrix.columns()
                    || product.y().length < results * matrix.rows()) {
                throw new IllegalArgumentException(
                        "%s[%d, %d] needs an input of %d × %d and an output of %d × %d; the arrays have %d and %d"
                                .formatted(
                                        matrix.name(),
                                        matrix.rows(),
                                        matrix.columns(),
                                        product.endRow(),
                                        matrix.columns(),
                                        results,
                                        matrix.rows(),
                                        x.length,
                                        product.y().length));
            }
            if (matrix.columns() != products.getFirst().matrix().columns()) {
                throw new IllegalArgumentException("%s has %d columns, %s %d: they cannot read the same rows"
                        .formatted(
                                matrix.name(),
                                matrix.columns(),
                                products.getFirst().matrix().name(),
                                products.getFirst().matrix().columns()));
            }
        }
    }
}
