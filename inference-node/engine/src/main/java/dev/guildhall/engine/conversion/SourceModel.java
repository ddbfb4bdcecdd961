package dev.guildhall.engine.conversion;

import dev.guildhall.engine.format.ModelFile;
import dev.guildhall.engine.kernel.RotaryPairs;
import dev.guildhall.engine.model.ModelConfig;
import dev.guildhall.engine.model.TensorPlan;
import dev.guildhall.engine.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A checked model with its tensors as a GGUF file has them: experts stacked, the rows of q and k in GGUF's order. */
record SourceModel(ModelFile file, ModelConfig config, Map<String, SourceRows> tensors) implements AutoCloseable {

    private static final Pattern EXPERT = Pattern.compile("(blk\\.\\d+\\.ffn_(?:gate|up|down))\\.\\d+\\.weight");

    static SourceModel open(Path path) throws IOException {
        ModelFile file = ModelFile.open(path);
        try {
            ModelConfig config = ModelConfig.of(file);
            TensorPlan.of(config, file).check(file);
            if (file.rotatesHalves() && config.latent() != null) {
                throw new ConversionException(
                        "%s: its rope_interleave is false, which GGUF has no key for".formatted(path));
            }
            Map<String, SourceRows> tensors = new LinkedHashMap<>();
            for (Tensor tensor : file.tensors().values()) {
                SourceRows rows = rows(file, config, tensor);
                tensors.putIfAbsent(rows.name(), rows);
            }
            return new SourceModel(file, config, tensors);
        } catch (Throwable failure) {
            file.close();
            throw failure;
        }
    }

    private static SourceRows rows(ModelFile file, ModelConfig config, Tensor tensor) {
        String name = tensor.name();
        Matcher expert = EXPERT.matcher(name);
        if (expert.matches() && config.experts() != null) {
            List<Tensor> parts = new ArrayList<>();
            for (int index = 0; index < config.experts().count(); index++) {
                parts.add(file.tensors().get("%s.%d.weight".formatted(expert.group(1), index)));
            }
            return SourceRows.stack(expert.group(1) + "_exps.weight", parts);
        }
        SourceRows rows = SourceRows.of(tensor);
        boolean turned = file.rotatesHalves() && config.architecture().rotaryPairs() == RotaryPairs.NEIGHBOURS;
        return turned && (name.endsWith("attn_q.weight") || name.endsWith("attn_k.weight"))
                ? rows.turned(config.attention().keySize())
                : rows;
    }

    @Override
    public void close() {
        file.close();
    }
}
