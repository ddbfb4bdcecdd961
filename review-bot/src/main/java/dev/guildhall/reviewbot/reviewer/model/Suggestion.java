package dev.guildhall.reviewbot.reviewer.model;

import com.sun.source.util.JavacTask;
import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import javax.tools.Diagnostic;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;

/** Makes of a model's correction something that can take the place of a line, or nothing. */
final class Suggestion {

    private static final int LINES_MAX = 6;
    private static final int LENGTH_MAX = 600;
    private static final Pattern FENCE = Pattern.compile("(?s)^```\\w*\\n(.*?)\\n?```$");
    private static final Pattern LINE_PREFIX = Pattern.compile("^\\d+[+ ] ");

    private Suggestion() {}

    /**
     * The correction, indented as the line that it replaces; empty unless it differs, is as complete as that line, and
     * (in Java) leaves the file one that parses.
     *
     * @param text the whole file
     * @param lineNumber from 1
     */
    static Optional<String> of(String correction, String language, String text, int lineNumber) {
        List<String> file = new ArrayList<>(text.lines().toList());
        if (lineNumber > file.size()) {
            return Optional.empty();
        }
        String original = file.get(lineNumber - 1);
        String replacement = indented(unwrapped(correction), original);
        if (replacement.isBlank()
                || replacement.length() > LENGTH_MAX
                || replacement.lines().count() > LINES_MAX
                || squeezed(replacement).equals(squeezed(original))
                || !balance(replacement).equals(balance(original))
                || terminator(replacement) != terminator(original)
                || replacement.stripLeading().startsWith("//")
                || replacement.contains("...")) {
            return Optional.empty();
        }
        if (language.equals("java")) {
            file.set(lineNumber - 1, replacement);
            if (syntaxErrors(String.join("\n", file)) > syntaxErrors(text)) {
                return Optional.empty();
            }
        }
        return Optional.of(replacement);
    }

    private static String unwrapped(String correction) {
        Matcher fence = FENCE.matcher(correction.strip());
        String code = fence.matches() ? fence.group(1) : correction;
        return code.lines()
                .map(line -> LINE_PREFIX.matcher(line).replaceFirst(""))
                .collect(Collectors.joining("\n"));
    }

    private static String indented(String code, String original) {
        String indentation = original.substring(
                0, original.length() - original.stripLeading().length());
        return code.stripIndent()
                .strip()
                .lines()
                .map(line -> line.isBlank() ? "" : indentation + line)
                .collect(Collectors.joining("\n"));
    }

    private static String squeezed(String code) {
        return code.replaceAll("\\s+", "");
    }

    private static char terminator(String code) {
        String stripped = code.strip();
        char last = stripped.isEmpty() ? ' ' : stripped.charAt(stripped.length() - 1);
        return ";{}:,(".indexOf(last) >= 0 ? last : ' ';
    }

    /** Open brackets of each kind that are left at the end, and whether a quote is open. */
    private static String balance(String code) {
        int round = 0;
        int square = 0;
        int curly = 0;
        char quote = 0;
        for (int i = 0; i < code.length(); i++) {
            char c = code.charAt(i);
            if (quote != 0) {
                if (c == '\\') {
                    i++;
                } else if (c == quote) {
                    quote = 0;
                }
                continue;
            }
            switch (c) {
                case '"', '\'', '`' -> quote = c;
                case '(' -> round++;
                case ')' -> round--;
                case '[' -> square++;
                case ']' -> square--;
                case '{' -> curly++;
                case '}' -> curly--;
                default -> {}
            }
        }
        return round + " " + square + " " + curly + " " + (quote != 0);
    }

    private static long syntaxErrors(String source) {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        if (compiler == null) {
            // A runtime without the compiler: what brackets and line ends say has to do.
            return 0;
        }
        DiagnosticCollector<JavaFileObject> diagnostics = new DiagnosticCollector<>();
        JavaFileObject file = new SimpleJavaFileObject(URI.create("string:///File.java"), JavaFileObject.Kind.SOURCE) {
            @Override
            public CharSequence getCharContent(boolean ignoreEncodingErrors) {
                return source;
            }
        };
        try {
            JavacTask task =
                    (JavacTask) compiler.getTask(null, null, diagnostics, List.of("-proc:none"), null, List.of(file));
            task.parse();
        } catch (IOException | IllegalStateException | StackOverflowError e) {
            return Long.MAX_VALUE;
        }
        return diagnostics.getDiagnostics().stream()
                .filter(diagnostic -> diagnostic.getKind() == Diagnostic.Kind.ERROR)
                .map(diagnostic -> diagnostic.getMessage(Locale.ROOT))
                .count();
    }
}
