package dev.guildhall.engine.conversion;

import dev.guildhall.engine.format.GgufWriter;
import dev.guildhall.engine.model.ModelConfig;
import dev.guildhall.engine.model.TensorPlan;
import dev.guildhall.engine.tensor.TensorType;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Packs a model's weights into fewer bits. */
public final class Quantization {

    private Quantization() {}

    /** What a model's tensors take when they are of this type. */
    public static long bytes(ModelConfig config, TensorType type) {
        Map<String, List<Long>> shapes =
                new HashMap<>(TensorPlan.of(config, true, true).required());
        if (!config.tiedEmbeddings()) {
            shapes.put("output.weight", List.of((long) config.hiddenSize(), (long) config.vocabularySize()));
        }
        long bytes = 0;
        for (Map.Entry<String, List<Long>> shape : shapes.entrySet()) {
            TensorType own = TypeChoice.of(type, shape.getKey(), shape.getValue(), config.tiedEmbeddings());
            bytes += new GgufWriter.Entry(shape.getKey(), own, shape.getValue()).bytes();
        }
        return bytes;
    }

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
