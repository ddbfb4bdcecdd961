package dev.guildhall.reviewbot.pullrequest;

import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** Names of languages by file name, as syntax highlighters write them. */
public final class Language {

    /** Where nothing better is known. */
    public static final String TEXT = "text";

    private static final Map<String, String> BY_EXTENSION = Map.ofEntries(
            Map.entry("java", "java"),
            Map.entry("kt", "kotlin"),
            Map.entry("kts", "kotlin"),
            Map.entry("scala", "scala"),
            Map.entry("groovy", "groovy"),
            Map.entry("py", "python"),
            Map.entry("pyi", "python"),
            Map.entry("js", "javascript"),
            Map.entry("mjs", "javascript"),
            Map.entry("cjs", "javascript"),
            Map.entry("jsx", "jsx"),
            Map.entry("ts", "typescript"),
            Map.entry("mts", "typescript"),
            Map.entry("tsx", "tsx"),
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
            Map.entry("sh", "bash"),
            Map.entry("bash", "bash"),
            Map.entry("sql", "sql"),
            Map.entry("lua", "lua"),
            Map.entry("pl", "perl"),
            Map.entry("dart", "dart"),
            Map.entry("vue", "vue"),
            Map.entry("tf", "hcl"),
            Map.entry("yml", "yaml"),
            Map.entry("yaml", "yaml"),
            Map.entry("json", "json"),
            Map.entry("toml", "toml"),
            Map.entry("xml", "xml"),
            Map.entry("html", "html"),
            Map.entry("css", "css"),
            Map.entry("scss", "scss"),
            Map.entry("properties", "properties"),
            Map.entry("md", "markdown"));

    private static final Set<String> NOT_CODE =
            Set.of(TEXT, "yaml", "json", "toml", "xml", "html", "css", "scss", "properties", "markdown");

    private Language() {}

    public static String of(String path) {
        String name = path.substring(path.lastIndexOf('/') + 1).toLowerCase(Locale.ROOT);
        if (name.equals("dockerfile") || name.endsWith(".dockerfile")) {
            return "dockerfile";
        }
        if (name.equals("makefile")) {
            return "makefile";
        }
        return BY_EXTENSION.getOrDefault(name.substring(name.lastIndexOf('.') + 1), TEXT);
    }

    /** Whether the language says what a machine does, rather than data or prose. */
    public static boolean isCode(String language) {
        return !NOT_CODE.contains(language);
    }
}
