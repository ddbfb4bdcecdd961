package dev.guildhall.contract;

import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** The names of languages that events and answers carry, as syntax highlighters write them, by the names of files. */
public final class Languages {

    /** Where nothing better is known. */
    public static final String TEXT = "text";

    private static final Map<String, String> BY_NAME = Map.ofEntries(
            Map.entry("dockerfile", "dockerfile"),
            Map.entry("makefile", "makefile"),
            Map.entry("jenkinsfile", "groovy"),
            Map.entry("gemfile", "ruby"),
            Map.entry("rakefile", "ruby"),
            Map.entry(".editorconfig", "ini"),
            Map.entry("go.mod", "go-mod"));

    private static final Map<String, String> BY_EXTENSION = Map.ofEntries(
            Map.entry("java", "java"),
            Map.entry("kt", "kotlin"),
            Map.entry("kts", "kotlin"),
            Map.entry("scala", "scala"),
            Map.entry("groovy", "groovy"),
            Map.entry("gradle", "groovy"),
            Map.entry("py", "python"),
            Map.entry("pyi", "python"),
            Map.entry("js", "javascript"),
            Map.entry("mjs", "javascript"),
            Map.entry("cjs", "javascript"),
            Map.entry("jsx", "jsx"),
            Map.entry("ts", "typescript"),
            Map.entry("mts", "typescript"),
            Map.entry("cts", "typescript"),
            Map.entry("tsx", "tsx"),
            Map.entry("vue", "vue"),
            Map.entry("go", "go"),
            Map.entry("rs", "rust"),
            Map.entry("c", "c"),
            Map.entry("h", "c"),
            Map.entry("cc", "cpp"),
            Map.entry("cpp", "cpp"),
            Map.entry("cxx", "cpp"),
            Map.entry("hpp", "cpp"),
            Map.entry("cs", "csharp"),
            Map.entry("rb", "ruby"),
            Map.entry("php", "php"),
            Map.entry("swift", "swift"),
            Map.entry("dart", "dart"),
            Map.entry("lua", "lua"),
            Map.entry("pl", "perl"),
            Map.entry("sh", "bash"),
            Map.entry("bash", "bash"),
            Map.entry("sql", "sql"),
            Map.entry("graphql", "graphql"),
            Map.entry("proto", "protobuf"),
            Map.entry("tf", "hcl"),
            Map.entry("dockerfile", "dockerfile"),
            Map.entry("html", "html"),
            Map.entry("css", "css"),
            Map.entry("scss", "scss"),
            Map.entry("md", "markdown"),
            Map.entry("markdown", "markdown"),
            Map.entry("adoc", "asciidoc"),
            Map.entry("rst", "rst"),
            Map.entry("xml", "xml"),
            Map.entry("json", "json"),
            Map.entry("yaml", "yaml"),
            Map.entry("yml", "yaml"),
            Map.entry("toml", "toml"),
            Map.entry("ini", "ini"),
            Map.entry("properties", "properties"));

    private static final Set<String> NOT_CODE = Set.of(
            TEXT,
            "asciidoc",
            "css",
            "go-mod",
            "html",
            "ini",
            "json",
            "markdown",
            "properties",
            "rst",
            "scss",
            "toml",
            "xml",
            "yaml");

    private Languages() {}

    /** The language of the file at {@code path}, or {@link #TEXT}. */
    public static String of(String path) {
        String name = path.substring(path.lastIndexOf('/') + 1).toLowerCase(Locale.ROOT);
        String byName = BY_NAME.get(name);
        if (byName != null) {
            return byName;
        }
        int dot = name.lastIndexOf('.');
        return dot < 0 ? TEXT : BY_EXTENSION.getOrDefault(name.substring(dot + 1), TEXT);
    }

    /** Whether the language says what a machine does, rather than data or prose. */
    public static boolean isCode(String language) {
        return !NOT_CODE.contains(language);
    }
}
