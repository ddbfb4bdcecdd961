package dev.guildhall.reviewbot.context;

import dev.guildhall.contract.Languages;
import dev.guildhall.reviewbot.pullrequest.FileDiff;
import dev.guildhall.reviewbot.pullrequest.Line;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The identifiers that changed lines define or use. */
final class Symbols {

    private static final int LINE_LENGTH_MAX = 1_000;
    private static final int LENGTH_MIN = 3;

    private static final int DEFINED_WEIGHT = 6;
    private static final int CALLED_WEIGHT = 3;
    private static final int TYPE_WEIGHT = 2;

    private static final Pattern DEFINED = Pattern.compile(
            "\\b(?:class|interface|record|enum|def|func|function|struct|trait|fn|type)\\s+(?:\\([^)]{0,80}\\)"
                    + "\\s*)?([A-Za-z_$][\\w$]*)");
    private static final Pattern CALLED = Pattern.compile("\\b([A-Za-z_$][\\w$]*)\\s?\\(");
    private static final Pattern TYPE = Pattern.compile("\\b([A-Z][a-z][\\w$]*)\\b");

    /** Words of the languages, and names of their libraries that no repository defines. */
    private static final Set<String> COMMON = Set.of(
            "abstract",
            "and",
            "any",
            "append",
            "array",
            "arraylist",
            "assert",
            "async",
            "await",
            "bool",
            "boolean",
            "break",
            "bytes",
            "case",
            "catch",
            "char",
            "class",
            "collections",
            "collectors",
            "const",
            "continue",
            "def",
            "default",
            "defer",
            "del",
            "dict",
            "double",
            "elif",
            "else",
            "enum",
            "equals",
            "err",
            "error",
            "except",
            "exception",
            "export",
            "extends",
            "false",
            "final",
            "finally",
            "float",
            "for",
            "foreach",
            "format",
            "from",
            "func",
            "function",
            "get",
            "hashcode",
            "hashmap",
            "illegalargumentexception",
            "illegalstateexception",
            "implements",
            "import",
            "instanceof",
            "int",
            "integer",
            "interface",
            "ioexception",
            "isinstance",
            "len",
            "let",
            "list",
            "long",
            "make",
            "map",
            "math",
            "new",
            "nil",
            "none",
            "not",
            "null",
            "object",
            "optional",
            "override",
            "package",
            "pass",
            "print",
            "println",
            "private",
            "promise",
            "protected",
            "public",
            "put",
            "raise",
            "range",
            "record",
            "require",
            "return",
            "runtimeexception",
            "self",
            "set",
            "short",
            "size",
            "static",
            "str",
            "stream",
            "string",
            "strings",
            "struct",
            "super",
            "switch",
            "sync",
            "synchronized",
            "system",
            "test",
            "this",
            "throw",
            "throws",
            "tostring",
            "true",
            "try",
            "tuple",
            "type",
            "typeof",
            "undefined",
            "valueof",
            "var",
            "void",
            "while",
            "with",
            "yield");

    private Symbols() {}

    /** The most telling ones first. */
    static List<String> of(List<FileDiff> files, int limit) {
        Map<String, Integer> weights = new HashMap<>();
        for (FileDiff file : files) {
            if (!Languages.isCode(file.language())) {
                continue;
            }
            file.lines()
                    .filter(line ->
                            line.kind() != Line.Kind.CONTEXT && line.text().length() <= LINE_LENGTH_MAX)
                    .map(Line::text)
                    .forEach(text -> {
                        collect(DEFINED, text, DEFINED_WEIGHT, weights);
                        collect(CALLED, text, CALLED_WEIGHT, weights);
                        collect(TYPE, text, TYPE_WEIGHT, weights);
                    });
        }
        return weights.entrySet().stream()
                .sorted(Map.Entry.<String, Integer>comparingByValue(Comparator.reverseOrder())
                        .thenComparing(Map.Entry.comparingByKey()))
                .limit(limit)
                .map(Map.Entry::getKey)
                .toList();
    }

    private static void collect(Pattern pattern, String text, int weight, Map<String, Integer> weights) {
        Matcher matcher = pattern.matcher(text);
        while (matcher.find()) {
            String name = matcher.group(1);
            if (name.length() >= LENGTH_MIN && !COMMON.contains(name.toLowerCase(Locale.ROOT))) {
                weights.merge(name, weight, Integer::sum);
            }
        }
    }
}
