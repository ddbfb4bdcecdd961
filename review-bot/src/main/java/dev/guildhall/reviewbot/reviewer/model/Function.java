package dev.guildhall.reviewbot.reviewer.model;

import dev.guildhall.reviewbot.pullrequest.Line;
import dev.guildhall.reviewbot.reviewer.ChangedFile;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * A function that the change touches, with the comment above it. Found by indentation, which all languages share.
 *
 * @param firstLine number of the first line in the file, from 1
 * @param headerIndex which of the lines is the function's header; those before it are comments and annotations
 * @param lines as they stand in the file
 * @param changed numbers of the added lines
 */
record Function(ChangedFile file, int firstLine, int headerIndex, List<String> lines, Set<Integer> changed) {

    private static final Pattern HEADER = Pattern.compile(
            "^\\s*(?:(?:export|default|public|private|protected|static|final|abstract|async|open|override|suspend)\\s+)*"
                    + "(?:def|func|function|fn|fun)\\b.*"
                    + "|^\\s*(?!(?:if|for|while|switch|catch|else|return|try|do|new|throw|class|interface|record|enum)\\b)"
                    + "[\\w<>\\[\\],.?&\\s@]+\\s[\\w$]+\\s*\\([^;]*\\)?[^;]*\\{\\s*$");
    private static final Pattern TYPE = Pattern.compile("\\b(?:class|interface|record|enum|struct)\\s+\\w");
    private static final Pattern COMMENT = Pattern.compile("^\\s*(?:/\\*|\\*|//|#|@|\"\"\"|''').*");
    private static final Pattern CLOSES = Pattern.compile("^\\s*[})\\]].*");

    Function {
        lines = List.copyOf(lines);
        changed = Set.copyOf(changed);
    }

    /** The functions with added lines, in their order. */
    static List<Function> of(ChangedFile file) {
        Set<Integer> added = file.diff().addedLines().map(Line::newNumber).collect(Collectors.toSet());
        List<String> text = file.text().lines().toList();
        List<Function> functions = new ArrayList<>();
        int i = 0;
        while (i < text.size()) {
            if (!HEADER.matcher(text.get(i)).matches()
                    || TYPE.matcher(text.get(i)).find()) {
                i++;
                continue;
            }
            int first = i;
            while (first > 0 && COMMENT.matcher(text.get(first - 1)).matches()) {
                first--;
            }
            int end = end(text, i);
            Set<Integer> changed = new HashSet<>();
            for (int number = first + 1; number <= end; number++) {
                if (added.contains(number)) {
                    changed.add(number);
                }
            }
            if (!changed.isEmpty()) {
                functions.add(new Function(file, first + 1, i - first, text.subList(first, end), changed));
            }
            i = end;
        }
        return functions;
    }

    /** The index behind the last line of the function whose header is at {@code header}. */
    private static int end(List<String> text, int header) {
        int indentation = indentation(text.get(header));
        int end = header + 1;
        int behind = end;
        while (end < text.size()) {
            String line = text.get(end);
            boolean closes = CLOSES.matcher(line).matches() && indentation(line) == indentation;
            if (!line.isBlank() && indentation(line) <= indentation && !closes) {
                break;
            }
            end++;
            if (!line.isBlank()) {
                behind = end;
            }
            if (closes && line.strip().startsWith("}")) {
                break;
            }
        }
        return behind;
    }

    String text(int number) {
        return lines.get(number - firstLine);
    }

    String header() {
        return lines.get(headerIndex);
    }

    int lastLine() {
        return firstLine + lines.size() - 1;
    }

    /** Numbers of the lines below the header that do something. */
    List<Integer> body() {
        List<Integer> body = new ArrayList<>();
        for (int i = headerIndex + 1; i < lines.size(); i++) {
            if (lines.get(i).strip().length() > 1
                    && !COMMENT.matcher(lines.get(i)).matches()) {
                body.add(firstLine + i);
            }
        }
        return body;
    }

    /** The whole function from the left margin, or of a long one the header and {@code around} lines on both sides. */
    String shown(int number, int around) {
        int indentation = lines.stream()
                .filter(line -> !line.isBlank())
                .mapToInt(Function::indentation)
                .min()
                .orElse(0);
        StringBuilder shown = new StringBuilder();
        boolean gap = false;
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i);
            if (i <= headerIndex || Math.abs(firstLine + i - number) <= around) {
                shown.append(gap ? "...\n" : "")
                        .append(line.isBlank() ? "" : line.substring(indentation))
                        .append('\n');
                gap = false;
            } else {
                gap = true;
            }
        }
        return shown.toString();
    }

    private static int indentation(String line) {
        return line.length() - line.stripLeading().length();
    }
}
