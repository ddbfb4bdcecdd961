package dev.guildhall.engine.model;

import dev.guildhall.engine.format.ModelFile;
import dev.guildhall.engine.format.ModelFormatException;
import dev.guildhall.engine.kernel.RowReader;
import dev.guildhall.engine.tensor.Tensor;
import java.util.Optional;
import java.util.stream.IntStream;

/** Looks for weights that are no finite numbers. */
public final class WeightCheck {

    private WeightCheck() {}

    /**
     * Reads every weight.
     *
     * @throws ModelFormatException naming the first tensor with one that is not finite, and where it is
     */
    public static void check(ModelFile file) throws ModelFormatException {
        for (Tensor tensor : file.tensors().values()) {
            int shares = Math.min(tensor.rows(), 4 * Runtime.getRuntime().availableProcessors());
            Optional<String> broken = IntStream.range(0, shares)
                    .parallel()
                    .mapToObj(share -> firstBroken(tensor, share, shares))
                    .flatMap(Optional::stream)
                    .findFirst();
            if (broken.isPresent()) {
                throw new ModelFormatException(file.path(), "weight " + broken.get());
            }
        }
    }

    private static Optional<String> firstBroken(Tensor tensor, int share, int shares) {
        RowReader reader = new RowReader(tensor);
        float[] values = new float[tensor.columns()];
        int end = (int) ((long) tensor.rows() * (share + 1) / shares);
        for (int row = (int) ((long) tensor.rows() * share / shares); row < end; row++) {
            reader.read(row, values, 0);
            for (int column = 0; column < values.length; column++) {
                if (!Float.isFinite(values[column])) {
                    return Optional.of("%s[%d, %d] is %s".formatted(tensor.name(), row, column, values[column]));
                }
            }
        }
        return Optional.empty();
    }
}
