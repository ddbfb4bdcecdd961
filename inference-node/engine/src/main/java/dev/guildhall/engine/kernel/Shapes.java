package dev.guildhall.engine.kernel;

import java.util.List;

/** Checks of dimensions, made once at the entrance of the kernels. */
final class Shapes {

    private Shapes() {}

    static void checkProduct(float[] x, int tokens, List<Matrix> matrices, List<float[]> y) {
        if (matrices.size() != y.size()) {
            throw new IllegalArgumentException(
                    "%d matrices cannot fill %d outputs".formatted(matrices.size(), y.size()));
        }
        for (int i = 0; i < matrices.size(); i++) {
            Matrix matrix = matrices.get(i);
            if (x.length < (long) tokens * matrix.columns() || y.get(i).length < (long) tokens * matrix.rows()) {
                throw new IllegalArgumentException(
                        "%s[%d, %d] needs an input of %d × %d and an output of %d × %d; the arrays have %d and %d"
                                .formatted(
                                        matrix.name(),
                                        matrix.rows(),
                                        matrix.columns(),
                                        tokens,
                                        matrix.columns(),
                                        tokens,
                                        matrix.rows(),
                                        x.length,
                                        y.get(i).length));
            }
        }
    }
}
