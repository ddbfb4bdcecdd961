package dev.guildhall.engine.conversion;

import dev.guildhall.engine.tensor.TensorType;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** Packs a model's weights into fewer bits. */
public final class Quantization {

    private Quantization() {}

    /**
     * Writes a GGUF file.
     *
     * @param in a GGUF file, or a directory with config.json and safetensors files
     * @param type of all large matrices whose rows fit its blocks
     * @throws ConversionException naming the first number that is none
     */
    public static void write(Path in, TensorType type, Path out, Progress progress) throws IOException {
        try (SourceModel source = SourceModel.open(in)) {
            boolean tied = source.config().tiedEmbeddings();
            List<NewTensor> tensors = source.tensors().values().stream()
                    .map(rows -> rows.as(TypeChoice.of(type, rows.name(), rows.shape(), tied)))
                    .toList();
            ModelOutput.write(out, GgufMetadata.of(source.file(), type), tensors, progress);
        }
    }
}
