package dev.guildhall.inference.catalogue;

import dev.guildhall.inference.catalogue.CatalogueModel.Kind;
import dev.guildhall.inference.catalogue.CatalogueModel.ModelFile;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.util.unit.DataSize;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/** The models that Guildhall knows by name, read from {@code models.yaml}. */
public final class Catalogue {

    private final Map<String, CatalogueModel> models;

    Catalogue(List<CatalogueModel> models) {
        Map<String, CatalogueModel> byName = new LinkedHashMap<>();
        for (CatalogueModel model : models) {
            if (byName.put(model.name(), model) != null) {
                throw new IllegalArgumentException("the catalogue names '%s' twice".formatted(model.name()));
            }
        }
        this.models = byName;
    }

    /** The catalogue that comes with Guildhall. */
    public static Catalogue load() {
        try (InputStream yaml = Catalogue.class.getResourceAsStream("models.yaml")) {
            if (yaml == null) {
                throw new IllegalStateException("models.yaml is missing beside " + Catalogue.class.getName());
            }
            return parse(new String(yaml.readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    static Catalogue parse(String yaml) {
        List<CatalogueModel> models = new ArrayList<>();
        Object document = new Yaml(new SafeConstructor(new LoaderOptions())).load(yaml);
        for (Object entry : (List<?>) document) {
            models.add(model(new Entry("model", (Map<?, ?>) entry)));
        }
        return new Catalogue(models);
    }

    public List<CatalogueModel> models() {
        return List.copyOf(models.values());
    }

    public Optional<CatalogueModel> find(String name) {
        return Optional.ofNullable(models.get(name));
    }

    /** The model of that name; says which there are when there is none. */
    public CatalogueModel require(String name) {
        CatalogueModel model = models.get(name);
        if (model == null) {
            throw new ModelFileException("no model is called '%s'; the catalogue has %s"
                    .formatted(name, models.keySet().stream().collect(Collectors.joining(", "))));
        }
        return model;
    }

    private static CatalogueModel model(Entry entry) {
        CatalogueModel model = new CatalogueModel(
                entry.text("name"),
                entry.text("display-name"),
                entry.text("licence"),
                Kind.valueOf(entry.text("kind").toUpperCase(Locale.ROOT)),
                entry.text("purpose"),
                "true".equals(entry.find("built-in")) ? null : file(entry),
                DataSize.parse(entry.text("memory")),
                Optional.ofNullable(entry.find("pick-from"))
                        .map(DataSize::parse)
                        .orElse(null),
                Optional.ofNullable(entry.find("brings")).orElse(""));
        entry.refuseRest();
        return model;
    }

    private static ModelFile file(Entry entry) {
        List<ModelSource> sources = new ArrayList<>();
        for (Object source : entry.list("sources")) {
            sources.add(source(new Entry("source", (Map<?, ?>) source)));
        }
        return new ModelFile(entry.text("file"), Long.parseLong(entry.text("bytes")), entry.text("sha256"), sources);
    }

    private static ModelSource source(Entry entry) {
        ModelSource source;
        if (entry.has("hub")) {
            source = new ModelSource.Hub(entry.text("hub"));
        } else if (entry.has("url")) {
            source = new ModelSource.Address(URI.create(entry.text("url")));
        } else if (entry.has("directory")) {
            source = new ModelSource.Directory(Path.of(entry.text("directory")));
        } else {
            source = new ModelSource.Packages(
                    entry.text("packages"),
                    entry.text("version"),
                    Integer.parseInt(entry.text("count")),
                    entry.text("member"));
        }
        entry.refuseRest();
        return source;
    }

    /** A mapping of the YAML whose keys must all be read, so that a misspelt one is noticed. */
    private static final class Entry {

        private final String what;
        private final Map<Object, Object> rest;

        Entry(String what, Map<?, ?> values) {
            this.what = what;
            this.rest = new LinkedHashMap<>(values);
        }

        boolean has(String key) {
            return rest.containsKey(key);
        }

        @Nullable
        String find(String key) {
            Object value = rest.remove(key);
            return value == null ? null : value.toString();
        }

        String text(String key) {
            String value = find(key);
            if (value == null) {
                throw new IllegalArgumentException("a %s of the catalogue has no '%s': %s".formatted(what, key, rest));
            }
            return value;
        }

        List<?> list(String key) {
            return rest.remove(key) instanceof List<?> list ? list : List.of();
        }

        void refuseRest() {
            if (!rest.isEmpty()) {
                throw new IllegalArgumentException(
                        "a %s of the catalogue has unknown keys %s".formatted(what, rest.keySet()));
            }
        }
    }
}
