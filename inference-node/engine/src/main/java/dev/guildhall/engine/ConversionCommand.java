package dev.guildhall.engine;

import dev.guildhall.engine.CommandLine.UsageException;
import dev.guildhall.engine.conversion.Progress;
import dev.guildhall.engine.conversion.Quantization;
import dev.guildhall.engine.conversion.RandomModel;
import dev.guildhall.engine.conversion.Upcycling;
import dev.guildhall.engine.conversion.Upcycling.Mixture;
import dev.guildhall.engine.tensor.TensorType;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** The commands that make model files. */
final class ConversionCommand {

    private static final Map<String, TensorType> TYPES = Map.of(
            "f32", TensorType.F32,
            "f16", TensorType.F16,
            "bf16", TensorType.BF16,
            "q4_0", TensorType.Q4_0,
            "q5_0", TensorType.Q5_0,
            "q8_0", TensorType.Q8_0,
            "q4_k", TensorType.Q4_K,
            "q6_k", TensorType.Q6_K);

    private static final int PROGRESS_STEPS = 10;

    private final PrintStream errors;

    ConversionCommand(PrintStream errors) {
        this.errors = errors;
    }

    void quantize(List<String> arguments) throws IOException {
        CommandLine options = new CommandLine(arguments, Set.of("--type"), Set.of(), 2);
        Quantization.write(Path.of(options.word(0)), type(options), Path.of(options.word(1)), progress());
    }

    void upcycle(List<String> arguments) throws IOException {
        CommandLine options = new CommandLine(arguments, Set.of("--experts", "--per-token", "--seed"), Set.of(), 2);
        options.require("--experts");
        options.require("--per-token");
        Upcycling.write(
                Path.of(options.word(0)),
                new Mixture(
                        options.integer("--experts", 0, 1, Integer.MAX_VALUE),
                        options.integer("--per-token", 0, 1, Integer.MAX_VALUE)),
                seed(options),
                Path.of(options.word(1)),
                progress());
    }

    void random(List<String> arguments) throws IOException {
        CommandLine options =
                new CommandLine(arguments, Set.of("--config", "--type", "--tokenizer", "--seed"), Set.of(), 1);
        RandomModel.write(
                Path.of(options.require("--config")),
                type(options),
                seed(options),
                options.find("--tokenizer").map(Path::of).orElse(null),
                Path.of(options.word(0)),
                progress());
    }

    private static int seed(CommandLine options) {
        return options.integer("--seed", 0, Integer.MIN_VALUE, Integer.MAX_VALUE);
    }

    private static TensorType type(CommandLine options) {
        String name = options.require("--type");
        TensorType type = TYPES.get(name.toLowerCase(Locale.ROOT));
        if (type == null) {
            throw new UsageException("--type is %s; types are %s"
                    .formatted(name, TYPES.keySet().stream().sorted().toList()));
        }
        return type;
    }

    /** A line for each tenth. */
    private Progress progress() {
        int[] shown = {0};
        return (done, total) -> {
            int step = (int) (done * PROGRESS_STEPS / total);
            if (step > shown[0]) {
                shown[0] = step;
                errors.printf(Locale.ROOT, "%d %% of %.1f GB%n", step * 100 / PROGRESS_STEPS, total / 1e9);
            }
        };
    }
}
