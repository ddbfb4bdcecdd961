package dev.guildhall.engine;

import dev.guildhall.engine.CommandLine.UsageException;
import dev.guildhall.engine.cache.KvCache;
import dev.guildhall.engine.format.ModelFile;
import dev.guildhall.engine.generation.GenerationRequest;
import dev.guildhall.engine.generation.GenerationResult;
import dev.guildhall.engine.generation.LanguageModel;
import dev.guildhall.engine.generation.LoadOptions;
import dev.guildhall.engine.generation.SamplingOptions;
import dev.guildhall.engine.model.Backend;
import dev.guildhall.engine.model.Decoder;
import dev.guildhall.engine.model.Decoders;
import dev.guildhall.engine.model.Logits;
import dev.guildhall.engine.model.LogitsWanted;
import dev.guildhall.engine.model.RotaryShape;
import dev.guildhall.engine.model.WeightCheck;
import dev.guildhall.engine.tensor.KeyValueType;
import dev.guildhall.engine.tokenizer.Tokenizer;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/**
 * The engine alone, on the command line: how anyone checks a conversion or a backend. Results go to standard output,
 * everything else to standard error. Exit codes: 0, 1 (it failed), 2 (wrong use).
 */
public final class EngineCommand {

    private static final String USAGE = """
            usage: generate --model FILE (--tokens FILE | --prompt TEXT) [--max-tokens N] [--temperature T] [--seed N] [--json]
                   score    --model FILE (--tokens FILE | --text FILE) [--logits FILE]
                   both:    [--backend scalar|vector] [--threads N] [--yarn F] [--check]
                   quantize IN OUT --type TYPE
                   upcycle  IN OUT --experts N --per-token K [--seed N]
                   random   OUT --config FILE --type TYPE [--tokenizer FILE] [--seed N]

              --model FILE      a GGUF file; to score token ids also a directory with config.json and safetensors
              --tokens FILE     a JSON array of token ids, taken as they are
              --prompt TEXT     text to go on from: data, no control tokens come of it
              --text FILE       UTF-8 text to score: data, no control tokens come of it
              --max-tokens N    longest answer (default 128)
              --temperature T   0 takes the likeliest token (default 0)
              --yarn F   stretch the context by F with YaRN (default: as the file says)
              --logits FILE     write all logits as safetensors, f32 [tokens, vocabulary]
              --json            one JSON document instead of the text
              --check           read all weights first, and name the first that is no finite number

            quantize packs a model's weights into fewer bits; upcycle makes a mixture of experts of a dense Qwen2.5 or Qwen3 that
            answers as before; both take a GGUF file or a directory with config.json and safetensors.
            random writes a model of the shape that a config.json has, with random weights, to measure with.

              --type TYPE       f32, f16, bf16, q4_0, q5_0, q8_0, q4_k or q6_k
              --tokenizer FILE  a GGUF file to take the vocabulary from (default: bytes and pairs of bytes)
            """;

    private static final Set<String> COMMON = Set.of("--model", "--tokens", "--backend", "--threads", "--yarn");

    /** Tokens that are scored in one call: their logits are in memory together. */
    private static final int SCORE_CHUNK = 32;

    private static final int TOKENS_MAX = 1 << 22;

    private final PrintStream out;
    private final PrintStream errors;

    private EngineCommand(PrintStream out, PrintStream errors) {
        this.out = out;
        this.errors = errors;
    }

    public static void main(String[] arguments) {
        System.exit(run(arguments, System.out, System.err));
    }

    static int run(String[] arguments, PrintStream out, PrintStream errors) {
        return new EngineCommand(out, errors).run(List.of(arguments));
    }

    private int run(List<String> arguments) {
        try {
            if (arguments.isEmpty()) {
                throw new UsageException("a command is missing");
            }
            List<String> options = arguments.subList(1, arguments.size());
            switch (arguments.getFirst()) {
                case "generate" -> generate(options);
                case "score" -> score(options);
                case "quantize" -> new ConversionCommand(errors).quantize(options);
                case "upcycle" -> new ConversionCommand(errors).upcycle(options);
                case "random" -> new ConversionCommand(errors).random(options);
                case "help", "--help", "-h" -> out.print(USAGE);
                default -> throw new UsageException("unknown command " + arguments.getFirst());
            }
            return 0;
        } catch (UsageException wrong) {
            errors.println(wrong.getMessage());
            errors.print(USAGE);
            return 2;
        } catch (FileAlreadyExistsException existing) {
            errors.println(existing.getMessage() + " exists; remove it or choose another name");
            return 1;
        } catch (NoSuchFileException missing) {
            errors.println("no such file: " + missing.getMessage());
            return 1;
        } catch (IOException | RuntimeException failure) {
            errors.println(failure.getMessage() == null ? failure.toString() : failure.getMessage());
            return 1;
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            errors.println("interrupted");
            return 1;
        }
    }

    private void generate(List<String> arguments) throws IOException, InterruptedException {
        CommandLine options = parse(
                arguments, Set.of("--prompt", "--max-tokens", "--temperature", "--seed"), Set.of("--json", "--check"));
        exactlyOne(options, "--tokens", "--prompt");
        Path file = Path.of(options.require("--model"));
        checkIfAsked(options, file);
        int answerTokensMax = options.integer("--max-tokens", 128, 1, TOKENS_MAX);
        SamplingOptions sampling = new SamplingOptions(
                options.number("--temperature", 0, 0, SamplingOptions.TEMPERATURE_MAX),
                0,
                1,
                0,
                1,
                options.integer("--seed", 0, Integer.MIN_VALUE, Integer.MAX_VALUE));

        long start = System.nanoTime();
        double ropeFactor = ropeFactor(options, 0);
        LoadOptions load = LoadOptions.defaults()
                .withBackend(backend(options), threads(options))
                .withRopeFactors(ropeFactor == 0 ? List.of() : List.of(ropeFactor));
        try (LanguageModel model = LanguageModel.load(file, load)) {
            double loadSeconds = (System.nanoTime() - start) / 1e9;
            int[] prompt =
                    options.has("--tokens") ? tokens(options) : data(model.tokenizer(), options.require("--prompt"));
            boolean json = options.has("--json");
            GenerationResult result = model.generate(
                    GenerationRequest.of(prompt)
                            .withAnswerTokensMax(
                                    Math.min(answerTokensMax, Math.max(1, model.contextTokens() - prompt.length)))
                            .withSampling(sampling)
                            .withRopeFactor(ropeFactor),
                    text -> {
                        if (!json) {
                            out.print(text);
                            out.flush();
                        }
                    });
            if (json) {
                Map<String, Object> report = new LinkedHashMap<>();
                report.put("tokens", result.tokens());
                report.put("text", result.text());
                report.put("promptTokens", result.promptTokens());
                report.put("prefillTokensPerSecond", result.prefillTokensPerSecond());
                report.put("decodeTokensPerSecond", result.decodeTokensPerSecond());
                report.put("loadSeconds", loadSeconds);
                out.println(JsonMapper.shared().writeValueAsString(report));
            } else {
                out.println();
                errors.printf(
                        Locale.ROOT,
                        "%d prompt tokens at %.1f/s, %d answer tokens at %.1f/s, loaded in %.1f s%n",
                        result.promptTokens(),
                        result.prefillTokensPerSecond(),
                        result.tokens().size(),
                        result.decodeTokensPerSecond(),
                        loadSeconds);
            }
        }
    }

    private void score(List<String> arguments) throws IOException {
        CommandLine options = parse(arguments, Set.of("--text", "--logits"), Set.of("--check"));
        exactlyOne(options, "--tokens", "--text");
        Path file = Path.of(options.require("--model"));
        checkIfAsked(options, file);
        int[] tokens = options.has("--tokens")
                ? tokens(options)
                : data(Tokenizer.load(file), utf8(Path.of(options.require("--text"))));
        if (tokens.length == 0) {
            throw new IllegalArgumentException("there is nothing to score: the text has no token");
        }
        try (Decoder decoder =
                Decoders.load(file, backend(options), threads(options), tokens.length, KeyValueType.F32)) {
            int vocabularySize = decoder.config().vocabularySize();
            for (int token : tokens) {
                if (token < 0 || token >= vocabularySize) {
                    throw new IllegalArgumentException(
                            "token %d is outside the vocabulary of %,d tokens".formatted(token, vocabularySize));
                }
            }
            double ropeFactor = ropeFactor(options, decoder.config().rotary().factor());
            int contextLength = decoder.config().contextLength(ropeFactor);
            if (tokens.length > contextLength) {
                throw new IllegalArgumentException("the text has %,d tokens; the model's context holds %,d"
                        .formatted(tokens.length, contextLength));
            }
            double[] logProbabilities;
            if (options.has("--logits")) {
                try (LogitsFile logits =
                        new LogitsFile(Path.of(options.require("--logits")), tokens.length, vocabularySize)) {
                    logProbabilities = score(decoder, tokens, ropeFactor, logits);
                }
            } else {
                logProbabilities = score(decoder, tokens, ropeFactor, null);
            }
            Map<String, Object> report = new LinkedHashMap<>();
            report.put("tokens", tokens);
            report.put("logprobs", logProbabilities);
            report.put(
                    "perplexity",
                    logProbabilities.length == 0
                            ? null
                            : Math.exp(
                                    -Arrays.stream(logProbabilities).average().orElse(0)));
            out.println(JsonMapper.shared().writeValueAsString(report));
        }
    }

    private static void checkIfAsked(CommandLine options, Path model) throws IOException {
        if (options.has("--check")) {
            try (ModelFile file = ModelFile.open(model)) {
                WeightCheck.check(file);
            }
        }
    }

    /** The natural log of each token's probability after those before it, from the second token on. */
    private static double[] score(Decoder decoder, int[] tokens, double ropeFactor, @Nullable LogitsFile file)
            throws IOException {
        double[] logProbabilities = new double[tokens.length - 1];
        try (KvCache cache = decoder.openCache(tokens.length, ropeFactor)) {
            for (int from = 0; from < tokens.length; from += SCORE_CHUNK) {
                int to = Math.min(tokens.length, from + SCORE_CHUNK);
                Logits logits = decoder.decode(
                        List.of(new Decoder.Slice(cache, Arrays.copyOfRange(tokens, from, to), LogitsWanted.ALL)));
                for (int position = from; position < to; position++) {
                    float[] row = logits.row(0, position - from);
                    if (file != null) {
                        file.write(row);
                    }
                    if (position + 1 < tokens.length) {
                        logProbabilities[position] = row[tokens[position + 1]] - Logits.logSumExp(row);
                    }
                }
            }
        }
        return logProbabilities;
    }

    private static CommandLine parse(List<String> arguments, Set<String> valued, Set<String> flags) {
        Set<String> all = new HashSet<>(COMMON);
        all.addAll(valued);
        return new CommandLine(arguments, all, flags);
    }

    private static void exactlyOne(CommandLine options, String first, String second) {
        if (options.has(first) == options.has(second)) {
            throw new UsageException("give either %s or %s".formatted(first, second));
        }
    }

    private static Backend backend(CommandLine options) {
        String name = options.find("--backend").orElse("vector");
        return Stream.of(Backend.values())
                .filter(backend -> backend.name().toLowerCase(Locale.ROOT).equals(name))
                .findFirst()
                .orElseThrow(
                        () -> new UsageException("--backend is %s; backends are scalar and vector".formatted(name)));
    }

    private static double ropeFactor(CommandLine options, double absent) {
        return options.number("--yarn", absent, 1, RotaryShape.FACTOR_MAX);
    }

    private static int threads(CommandLine options) {
        return options.integer("--threads", Runtime.getRuntime().availableProcessors(), 1, 1_024);
    }

    /** Tokens of text that is data, with what the model wants every text to start with. */
    private static int[] data(Tokenizer tokenizer, String text) {
        int[] start = tokenizer.textStart();
        int[] rest = tokenizer.encode(text);
        int[] tokens = Arrays.copyOf(start, start.length + rest.length);
        System.arraycopy(rest, 0, tokens, start.length, rest.length);
        return tokens;
    }

    private static String utf8(Path file) throws IOException {
        try {
            return Files.readString(file, StandardCharsets.UTF_8);
        } catch (CharacterCodingException e) {
            throw new IOException("%s is not UTF-8 text".formatted(file), e);
        }
    }

    private static int[] tokens(CommandLine options) throws IOException {
        Path file = Path.of(options.require("--tokens"));
        try {
            List<Integer> tokens = new ArrayList<>();
            for (var element :
                    JsonMapper.shared().readTree(Files.readString(file)).values()) {
                if (!element.isIntegralNumber() || !element.canConvertToInt()) {
                    throw new IOException("%s: %s is no token id".formatted(file, element));
                }
                tokens.add(element.intValue());
            }
            if (tokens.isEmpty()) {
                throw new IOException("%s holds no array of token ids".formatted(file));
            }
            return tokens.stream().mapToInt(Integer::intValue).toArray();
        } catch (JacksonException e) {
            throw new IOException("%s is no JSON: %s".formatted(file, e.getOriginalMessage()), e);
        }
    }
}
