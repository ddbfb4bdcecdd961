package dev.guildhall.reviewbot.reviewer.model;

import dev.guildhall.reviewbot.pullrequest.Hunk;
import dev.guildhall.reviewbot.pullrequest.Line;
import dev.guildhall.reviewbot.reviewer.ChangedFile;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** As much of a file's diff as fits into one question. */
record Passage(ChangedFile file, List<Line> lines) {

    private static final int HEADERS_MAX = 2;
    private static final int HEADER_LENGTH_MAX = 160;
    private static final int HEADER_WITHIN_LINES = 1_000;

    /** How far back from a full passage a better place to cut is looked for. */
    private static final int CUT_WITHIN_LINES = 20;

    private static final Pattern HEADER = Pattern.compile(
            "^\\s*(?:(?:export|default|public|private|protected|static|final|"
                    + "abstract|sealed|async|open|override)\\s+)*(?:class|interface|record|enum|def|func|function|struct|impl|trait|fn)\\b.*"
                    + "|^\\s*(?!(?:if|for|while|switch|catch|else|return|try|do|new|throw)\\b)[\\w<>\\[\\],.?&\\s@]+\\s[\\w$]+\\s*\\([^;]*\\)?[^;]*\\{\\s*$");

    Passage {
        lines = List.copyOf(lines);
    }

    /** Cuts the file's diff, at blank lines where that is near, into pieces of at most {@code charactersMax}. */
    static List<Passage> of(ChangedFile file, int charactersMax) {
        List<Passage> passages = new ArrayList<>();
        List<Line> open = new ArrayList<>();
        int characters = 0;
        for (Hunk hunk : file.diff().hunks()) {
            for (Line line : hunk.lines()) {
                int length = render(line).length() + 1;
                if (characters + length > charactersMax && !open.isEmpty()) {
                    int cut = cut(open);
                    add(passages, file, open.subList(0, cut));
                    open = new ArrayList<>(open.subList(cut, open.size()));
                    characters = open.stream()
                            .mapToInt(kept -> render(kept).length() + 1)
                            .sum();
                }
                open.add(line);
                characters += length;
            }
        }
        add(passages, file, open);
        return passages;
    }

    /** The lines as the model sees them: number and plus for new lines, minus for removed ones. */
    String numbered() {
        StringBuilder numbered = new StringBuilder();
        int previous = 0;
        for (Line line : lines) {
            if (line.onNewSide()) {
                if (previous != 0 && line.newNumber() > previous + 1) {
                    numbered.append("...\n");
                }
                previous = line.newNumber();
            }
            numbered.append(render(line)).append('\n');
        }
        return numbered.toString();
    }

    private static String render(Line line) {
        return switch (line.kind()) {
            case ADDED -> line.newNumber() + "+ " + line.text();
            case CONTEXT -> line.newNumber() + "  " + line.text();
            case REMOVED -> "-  " + line.text();
        };
    }

    private static int cut(List<Line> open) {
        for (int i = open.size() - 1; i > Math.max(0, open.size() - CUT_WITHIN_LINES); i--) {
            if (open.get(i).text().isBlank()) {
                return i + 1;
            }
        }
        return open.size();
    }

    private static void add(List<Passage> passages, ChangedFile file, List<Line> lines) {
        if (lines.stream()
                .anyMatch(
                        line -> line.kind() != Line.Kind.CONTEXT && !line.text().isBlank())) {
            passages.add(new Passage(file, lines));
        }
    }

    /** Headers of the class and function around the first line, outermost first. */
    List<String> enclosing() {
        List<String> text = file.text().lines().toList();
        int first = lines.stream()
                .filter(Line::onNewSide)
                .mapToInt(Line::newNumber)
                .findFirst()
                .orElse(1);
        List<String> headers = new ArrayList<>();
        int indentation = first <= text.size() ? indentation(text.get(first - 1)) : 0;
        int last = Math.max(0, first - HEADER_WITHIN_LINES);
        for (int i = Math.min(first - 2, text.size() - 1); i >= last && headers.size() < HEADERS_MAX; i--) {
            String candidate = text.get(i);
            if (!candidate.isBlank()
                    && candidate.length() <= HEADER_LENGTH_MAX
                    && indentation(candidate) < Math.max(indentation, 1)
                    && HEADER.matcher(candidate).matches()) {
                headers.addFirst(candidate);
                indentation = indentation(candidate);
            }
        }
        return headers;
    }

    private static int indentation(String line) {
        return line.length() - line.stripLeading().length();
    }
}
