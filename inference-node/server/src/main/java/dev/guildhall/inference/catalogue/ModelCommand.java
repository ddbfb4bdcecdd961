package dev.guildhall.inference.catalogue;

import dev.guildhall.engine.format.ModelFormatException;
import dev.guildhall.engine.model.AvailableMemory;
import dev.guildhall.inference.catalogue.CatalogueModel.ModelFile;
import dev.guildhall.inference.catalogue.ConsoleProgress.Style;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.util.unit.DataSize;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * {@code guildhall model list | pull | remove | info | pick}: works on the models directory without a running node.
 * Exits with 0, 1 (it failed) or 2 (wrong use).
 */
public final class ModelCommand {

    static final String HELP = """
            usage: model list
                   model pull NAME          fetches a model, unless it is here and right
                   model remove NAME        removes its file, and what is left of a download
                   model info NAME|FILE|DIR says what a model is and what memory it takes; FILE may be a config.json
                     [--context N] [--users N]  memory for so many tokens (the model's own context) and users (1)
                     [--check]                  reads all weights, and names the first that is no finite number
                   model pick               names the model that suits this machine's free memory
            options:
              --json                        one JSON document on standard output
              --models-dir DIR              where model files are (GUILDHALL_MODELS_DIR)
              --progress line|plain|none    on standard error; plain: 'name bytesDone bytesTotal bytesPerSecond'
              --help""";

    private static final int CONTEXT_MAX = 1 << 26;
    private static final int USERS_MAX = 100_000;

    private final Catalogue catalogue;
    private final ModelsSettings defaults;
    private final Map<String, String> environment;
    private final long availableBytes;
    private final PrintStream out;
    private final PrintStream err;

    ModelCommand(
            Catalogue catalogue,
            ModelsSettings defaults,
            Map<String, String> environment,
            long availableBytes,
            PrintStream out,
            PrintStream err) {
        this.catalogue = catalogue;
        this.defaults = defaults;
        this.environment = environment;
        this.availableBytes = availableBytes;
        this.out = out;
        this.err = err;
    }

    public static void main(String[] arguments) {
        Map<String, String> environment = System.getenv();
        PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        PrintStream err = new PrintStream(System.err, true, StandardCharsets.UTF_8);
        ModelsSettings defaults = ModelsSettings.of(environment, Path.of(System.getProperty("user.home")));
        ModelCommand command =
                new ModelCommand(Catalogue.load(), defaults, environment, AvailableMemory.bytes(), out, err);
        System.exit(command.run(List.of(arguments)));
    }

    /** The command's words and options. */
    private record Call(
            List<String> words,
            boolean json,
            boolean check,
            int context,
            int users,
            Style progress,
            @Nullable Path directory) {}

    /** The call is wrong; the help says how it is right. */
    private static final class UsageException extends RuntimeException {
        UsageException(String message) {
            super(message);
        }
    }

    int run(List<String> arguments) {
        if (arguments.contains("--help") || arguments.equals(List.of("help"))) {
            out.println(HELP);
            return 0;
        }
        try {
            Call call = parse(arguments);
            ModelsSettings settings = call.directory() == null ? defaults : defaults.withDirectory(call.directory());
            execute(call, settings, new ModelFiles(catalogue, settings.directory()));
            return 0;
        } catch (UsageException wrong) {
            err.println(wrong.getMessage());
            err.println(HELP);
            return 2;
        } catch (ModelFileException failed) {
            err.println(failed.getMessage());
            return 1;
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            err.println("stopped; the next pull goes on from here");
            return 1;
        }
    }

    private static Call parse(List<String> arguments) {
        List<String> words = new ArrayList<>();
        boolean json = false;
        boolean check = false;
        int context = 0;
        int users = 1;
        Style progress = Style.LINE;
        Path directory = null;
        for (int index = 0; index < arguments.size(); index++) {
            String argument = arguments.get(index);
            switch (argument) {
                case "--json" -> json = true;
                case "--check" -> check = true;
                case "--context" -> context = count(value(arguments, ++index, argument), argument, CONTEXT_MAX);
                case "--users" -> users = count(value(arguments, ++index, argument), argument, USERS_MAX);
                case "--progress" -> progress = style(value(arguments, ++index, argument));
                case "--models-dir" -> directory = path(value(arguments, ++index, argument));
                default -> {
                    if (argument.startsWith("-")) {
                        throw new UsageException("unknown option " + argument);
                    }
                    words.add(argument);
                }
            }
        }
        return new Call(words, json, check, context, users, progress, directory);
    }

    private static String value(List<String> arguments, int index, String option) {
        if (index >= arguments.size()) {
            throw new UsageException("%s needs a value".formatted(option));
        }
        return arguments.get(index);
    }

    private static int count(String text, String option, int max) {
        try {
            int count = Integer.parseInt(text);
            if (count >= 1 && count <= max) {
                return count;
            }
        } catch (NumberFormatException notANumber) {
            throw new UsageException("%s is '%s', not a whole number".formatted(option, text));
        }
        throw new UsageException("%s is %s; allowed is 1 to %,d".formatted(option, text, max));
    }

    private static Path path(String text) {
        try {
            return Path.of(text);
        } catch (InvalidPathException invalid) {
            throw new UsageException("'%s' is not a path".formatted(text));
        }
    }

    private static Style style(String text) {
        return switch (text) {
            case "line" -> Style.LINE;
            case "plain" -> Style.PLAIN;
            case "none" -> Style.NONE;
            default -> throw new UsageException("--progress is line, plain or none, not '%s'".formatted(text));
        };
    }

    private void execute(Call call, ModelsSettings settings, ModelFiles files) throws InterruptedException {
        if (call.words().isEmpty()) {
            throw new UsageException("which command?");
        }
        String verb = call.words().getFirst();
        switch (verb) {
            case "list" -> {
                expectWords(call, 1);
                list(call, files);
            }
            case "pull" -> {
                expectWords(call, 2);
                pull(call, settings, files);
            }
            case "remove" -> {
                expectWords(call, 2);
                CatalogueModel model = catalogue.require(call.words().get(1));
                boolean removed = files.remove(model);
                show(
                        call,
                        Map.of("name", model.name(), "removed", removed),
                        model.name() + (removed ? " removed" : " was not here"));
            }
            case "info" -> {
                expectWords(call, 2);
                info(call, files);
            }
            case "pick" -> {
                expectWords(call, 1);
                pick(call, new HubProbe(files, settings));
            }
            default -> throw new UsageException("unknown command '%s'".formatted(verb));
        }
    }

    private static void expectWords(Call call, int count) {
        if (call.words().size() != count) {
            throw new UsageException(
                    count == 1
                            ? "'%s' takes no name".formatted(call.words().getFirst())
                            : "'%s' takes one name".formatted(call.words().getFirst()));
        }
    }

    private void list(Call call, ModelFiles files) {
        List<Map<String, Object>> models = catalogue.models().stream()
                .map(model -> description(model, files))
                .toList();
        StringBuilder text = new StringBuilder();
        for (CatalogueModel model : catalogue.models()) {
            ModelFile file = model.file();
            text.append(String.format(
                    Locale.ROOT,
                    "%-20s %-9s %10s  %-10s  %s%n",
                    model.name(),
                    word(files.state(model)),
                    file == null ? "-" : Sizes.human(file.bytes()),
                    model.licence(),
                    model.purpose()));
        }
        show(
                call,
                Map.of("directory", files.directory().toString(), "models", models),
                text.toString().stripTrailing());
    }

    private void pull(Call call, ModelsSettings settings, ModelFiles files) throws InterruptedException {
        CatalogueModel model = catalogue.require(call.words().get(1));
        if (model.builtIn()) {
            show(call, description(model, files), "%s is built in: there is nothing to fetch".formatted(model.name()));
            return;
        }
        ConsoleProgress progress = new ConsoleProgress(err, call.progress());
        Path path;
        try {
            path = new ModelDownloads(files, settings, environment).pull(model, progress);
        } finally {
            progress.end();
        }
        show(call, description(model, files), "%s  sha256 ok".formatted(path));
    }

    private void info(Call call, ModelFiles files) {
        String nameOrPath = call.words().get(1);
        Optional<CatalogueModel> model = catalogue.find(nameOrPath);
        if (model.isPresent()) {
            Map<String, Object> description = description(model.get(), files);
            show(call, description, lines(description));
            return;
        }
        Path path = files.require(nameOrPath);
        try {
            Map<String, Object> description = new LinkedHashMap<>();
            description.put("path", path.toAbsolutePath().toString());
            if (Files.isRegularFile(path)) {
                String sha256 = Checksums.sha256(path);
                description.put("bytes", Files.size(path));
                description.put("sha256", sha256);
                catalogue.models().stream()
                        .filter(known ->
                                known.file() != null && known.file().sha256().equals(sha256))
                        .findFirst()
                        .ifPresent(known -> description.put("name", known.name()));
            }
            ModelDescription.put(path, call.context(), call.users(), call.check(), availableBytes, description);
            show(call, description, ModelDescription.text(description));
        } catch (ModelFormatException broken) {
            throw new ModelFileException("%s is refused".formatted(broken.getMessage()), broken);
        } catch (IOException unreadable) {
            throw new ModelFileException("%s cannot be read: %s".formatted(path, unreadable), unreadable);
        }
    }

    private void pick(Call call, HubProbe hub) throws InterruptedException {
        ModelPick pick = ModelPick.of(catalogue, availableBytes, hub::isObtainable);
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("name", pick.model().name());
        document.put("availableBytes", pick.availableBytes());
        document.put("explanation", pick.explanation());
        document.put("larger", pick.larger() == null ? null : pick.larger().name());
        err.println(pick.explanation());
        show(call, document, pick.model().name());
    }

    private static Map<String, Object> description(CatalogueModel model, ModelFiles files) {
        Map<String, Object> description = new LinkedHashMap<>();
        description.put("name", model.name());
        description.put("displayName", model.displayName());
        description.put("kind", model.kind().name().toLowerCase(Locale.ROOT));
        description.put("licence", model.licence());
        description.put("purpose", model.purpose());
        description.put("memoryBytes", model.memory().toBytes());
        description.put(
                "pickFromBytes",
                Optional.ofNullable(model.pickFrom()).map(DataSize::toBytes).orElse(null));
        ModelFile file = model.file();
        if (file != null) {
            description.put("file", file.name());
            description.put("bytes", file.bytes());
            description.put("sha256", file.sha256());
            description.put(
                    "sources",
                    file.sources().stream().map(ModelSource::description).toList());
            description.put("path", files.path(file).toString());
        }
        description.put("state", word(files.state(model)));
        return description;
    }

    private static String word(ModelFiles.State state) {
        return state.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    private static String lines(Map<String, Object> description) {
        StringBuilder text = new StringBuilder();
        description.forEach((key, value) -> text.append("%-14s %s%n".formatted(key, value)));
        return text.toString().stripTrailing();
    }

    private void show(Call call, Map<String, Object> document, String text) {
        if (call.json()) {
            out.println(JsonMapper.builder()
                    .enable(SerializationFeature.INDENT_OUTPUT)
                    .build()
                    .writeValueAsString(document));
        } else {
            out.println(text);
        }
    }
}
