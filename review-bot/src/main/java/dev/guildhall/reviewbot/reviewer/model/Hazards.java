package dev.guildhall.reviewbot.reviewer.model;

import dev.guildhall.reviewbot.reviewer.ChangedFile;
import dev.guildhall.reviewbot.reviewer.model.Hazard.Kind;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Places in changed functions that deserve a question. It is cheap and sees hazards rather than mistakes: whether a line
 * deals with one is for the model to say.
 */
final class Hazards {

    /** Subject of {@link Kind#ORDER}: what the code does. */
    static final String ASCENDING = "ascending";

    static final String DESCENDING = "descending";

    private static final Set<String> SCRIPT = Set.of("javascript", "typescript", "jsx", "tsx", "vue");

    private static final int LINE_LENGTH_MAX = 300;

    private static final String ARGUMENTS = "\\((?:[^()]|\\((?:[^()]|\\([^()]*\\))*\\))*\\)";
    private static final String VALUE = "[A-Za-z_$][\\w$]*(?:\\.[\\w$]+|" + ARGUMENTS + ")*";

    private static final Pattern STRING = Pattern.compile(
            "`[^`]*`|(?<=[(=,])\\s*/[^/]+/\\w*(?=[,.);])|\"(?:[^\"\\\\]|\\\\.)*\"|'(?:[^'\\\\]|\\\\.)*'");
    private static final Pattern COMMENT_BEHIND = Pattern.compile("\\s(?://|#\\s).*$");

    private static final Pattern DIVISION = Pattern.compile("(?<=[\\w)\\]])\\s*(?:/|%)=?\\s*(" + VALUE + ")");
    private static final Pattern ROOT =
            Pattern.compile("^(?:(?:sorted|list|tuple|reversed)\\()?([A-Za-z_$][\\w$]*)(?!\\w*\\()");
    private static final Pattern SIZE = Pattern.compile("\\.size\\(\\)|\\.length\\s*[=!<>]");
    private static final Pattern CONSTANT = Pattern.compile("(?:.*\\.)?[A-Z][A-Z0-9_]+");
    private static final Pattern DECIDES =
            Pattern.compile("\\sif\\s.*\\selse\\s|\\?.*:|&&|\\|\\|| or \\w| and |\\bmax\\(");
    /** Numbers that count something, and functions that are about a ratio: there a zero is an ordinary day. */
    private static final Pattern COUNTS =
            Pattern.compile("(?i)size\\(\\)|\\blength\\b|len\\(|count|total|sum\\b|number|all\\b");

    private static final Pattern RATIO = Pattern.compile(
            "(?i)average|mean|median|\\brate|ratio|share|percent|fraction|proportion|throughput|turnover|utili[sz]ation"
                    + "|\\bper\\b|(?-i)Per[A-Z]|_per_|(?i)\\ba (?:second|minute|hour|day|week|month|year)\\b|\\bof one\\b");
    private static final Pattern PATHS = Pattern.compile("(?i)path|dir|root|folder|file");

    private static final Pattern MAYBE_ASSIGNED = Pattern.compile("\\b([A-Za-z_$][\\w$]*)\\s*:?=\\s*(?!=)(.+)$");
    private static final Pattern MAYBE_NULL_JAVA = Pattern.compile("\\.orElse\\(null\\)\\s*;");
    private static final Pattern MAYBE_NONE_PYTHON =
            Pattern.compile("\\.(?:match|search|fullmatch)" + ARGUMENTS + "\\s*$|\\.get\\([^,()]*\\)\\s*$");
    private static final Pattern MAYBE_UNDEFINED_SCRIPT = Pattern.compile(
            "\\.(?:find|match|exec|querySelector|getElementById|get|pop|shift|at)" + ARGUMENTS + "\\s*;?\\s*$");
    private static final Pattern MATCHED_AND_USED =
            Pattern.compile("(" + VALUE + "\\.(?:match|search|fullmatch)" + ARGUMENTS + ")(?:\\.|\\[)");
    private static final Pattern ASSERTED = Pattern.compile("(" + VALUE + ")!(?=[.\\[])");
    private static final Pattern OPTIONAL_PYTHON =
            Pattern.compile("\\b(\\w+)\\s*:\\s*(?:[^=,)\\n]*\\|\\s*None\\b|Optional\\[)");
    private static final Pattern MAP_JAVA =
            Pattern.compile("\\b\\w*Map<[^;=()]*?,\\s*([\\w.]+)(?:<[^;=()]*>)?>\\s+(\\w+)");
    private static final Pattern MAP_GO = Pattern.compile("\\b(\\w+)\\s+map\\[[^\\]]*\\]\\*");

    private static final Pattern ENDS_OF_PYTHON = Pattern.compile("(" + VALUE + ")\\[(?:0|-1)\\]");
    private static final Pattern MOST_OF_PYTHON =
            Pattern.compile("(?<![.\\w])(?:max|min|next|statistics\\.\\w+)\\(([\\w.]+)\\)");
    private static final Pattern ENDS_OF_JAVA = Pattern.compile("(" + VALUE
            + ")\\.(?:get\\(0\\)|getFirst\\(\\)|getLast\\(\\)|removeFirst\\(\\)|iterator\\(\\)\\.next\\(\\))");
    private static final Pattern REDUCED =
            Pattern.compile("([\\w$.]+)(?:\\.\\w+" + ARGUMENTS + ")*\\.reduce(" + ARGUMENTS + ")");
    private static final Pattern FIRST_OF_SCRIPT = Pattern.compile("([\\w$.]+)\\[0\\]!?\\.");
    private static final Pattern ENDS_OF_GO = Pattern.compile("([\\w.]+)\\[(?:0|len\\(\\1\\)\\s*-\\s*1)\\]");

    private static final Pattern BEHIND_END = Pattern.compile(
            "([\\w.]+)\\.get\\(\\1\\.size\\(\\)\\)|([\\w.]+)\\[\\2\\.length\\]|([\\w.]+)\\[len\\(\\3\\)\\]"
                    + "|;\\s*\\w+\\s*<=\\s*([\\w.]+)\\.(?:length|size\\(\\))\\s*;|;\\s*\\w+\\s*<=\\s*len\\((\\w+)\\)\\s*;");
    private static final Pattern NEIGHBOURS =
            Pattern.compile("([\\w.]+)\\[(\\w+)\\s*\\+\\s*1\\].*\\bin\\s+range\\(len\\(\\1\\)\\)");

    private static final Pattern IN_PLACE = Pattern.compile(
            "\\bCollections\\.(?:sort|reverse|shuffle)\\((\\w+)|\\b(\\w+)\\.(?:sort|reverse|splice)\\(");
    private static final Pattern ANSWERS = Pattern.compile("\\breturn\\s+[^;\\s]");

    private static final Pattern LOOP = Pattern.compile(
            "^\\s*for\\s*\\(?.*\\s(?:in|of|:)\\s+([\\w.]+?)(?:\\.(?:keys|items|values)\\(\\))?\\s*(?:\\)\\s*\\{|:)\\s*$");

    private static final Pattern ASYNC_EACH = Pattern.compile("([\\w.]+)\\.forEach\\(\\s*async\\b");
    private static final Pattern CALLED_ALONE = Pattern.compile("^\\s*((?:[\\w$]+\\.)*([\\w$]+))\\(.*\\);?\\s*$");

    private static final Pattern OPENED = Pattern.compile(
            "^\\s*(\\w+)\\s*=\\s*(?:[\\w.]+\\.)?open\\(|^\\s*(\\w+),\\s*\\w+\\s*:?=\\s*os\\.(?:Open|OpenFile|Create)\\(");
    private static final Pattern MAP_WRITE_GO =
            Pattern.compile("^\\s*(\\w+\\.\\w+)\\[[^\\]]+\\]\\s*(?:=(?!=)|\\+\\+|\\+=)|^\\s*delete\\((\\w+\\.\\w+),");
    private static final Pattern DROPPED_GO = Pattern.compile("^\\s*\\w+,\\s*_\\s*:?=\\s*((?!range\\b)[\\w.]+)\\(");
    private static final Pattern HANDLER = Pattern.compile("^\\s*(?:\\}\\s*catch\\b.*\\{|except\\b.+:)\\s*$");
    private static final Pattern HANDLED_BY_NOTHING = Pattern.compile("^\\s*(?:\\}|pass)\\s*;?\\s*$");

    private static final Pattern SORTED =
            Pattern.compile("\\bsort(?:ed|By|_by|Slice|Func)?\\(|\\bsort\\.Slice|ORDER BY");
    private static final Pattern SORTED_DOWN = Pattern.compile(
            "reverse\\s*=\\s*True|reversed\\(\\)|reverseOrder\\(|\\bDESC\\b|=>\\s*b(?:\\.[\\w.]+)?\\s*-\\s*a\\b"
                    + "|return\\s+\\w+\\[i\\](?:\\.[\\w.()]+)?\\s*>\\s*\\w+\\[j\\]|compare\\(b\\b|\\[::-1\\]|\\.reverse\\(");
    private static final Pattern SORTED_BY_OWN_RULE =
            Pattern.compile("lambda\\s+\\w+\\s*:\\s*-|=>\\s*\\{|->\\s*\\{|negate|cmp_to_key");
    private static final Pattern PROMISES_ORDER = Pattern.compile(
            "(?i)\\b(?:\\w+est|most|least|\\w+ing)\\b[^.]{0,80}\\bfirst\\b|\\b(?:ascending|descending)\\b");

    private Hazards() {}

    static List<Hazard> of(ChangedFile file) {
        List<Hazard> hazards = new ArrayList<>();
        for (Function function : Function.of(file)) {
            Map<String, Hazard> once = new LinkedHashMap<>();
            for (Hazard hazard : new Search(function).all()) {
                once.putIfAbsent(hazard.kind() + hazard.subject(), hazard);
            }
            hazards.addAll(once.values());
        }
        return hazards;
    }

    /** What is looked for in one function. */
    private static final class Search {

        private final Function function;
        private final String file;
        private final String language;
        private final List<Hazard> found = new ArrayList<>();

        Search(Function function) {
            this.function = function;
            this.file = function.file().text();
            this.language = function.file().diff().language();
        }

        List<Hazard> all() {
            for (int number : function.body()) {
                if (!function.changed().contains(number)
                        || function.text(number).length() > LINE_LENGTH_MAX) {
                    continue;
                }
                String code = code(number);
                zero(number, code);
                absent(number, code);
                empty(number, code);
                each(BEHIND_END, number, code, Kind.OUT_OF_BOUNDS);
                each(NEIGHBOURS, number, code, Kind.OUT_OF_BOUNDS);
                callersList(number, code);
                changedWhileRead(number, code);
                notAwaited(number, code);
                notClosed(number, code);
                notLocked(number, code);
                errorIgnored(number, code);
                order(number, code);
            }
            return found;
        }

        private void zero(int number, String code) {
            if (language.equals("python") && PATHS.matcher(code).find()) {
                return;
            }
            boolean ratio = RATIO.matcher(description()).find();
            if (!DECIDES.matcher(code).find()) {
                Matcher matcher = DIVISION.matcher(code);
                while (matcher.find()) {
                    String divisor = matcher.group(1);
                    if (!CONSTANT.matcher(divisor).matches()
                            && !divisor.startsWith("Math.")
                            && (ratio || COUNTS.matcher(divisor).find())) {
                        add(number, Kind.ZERO, divisor);
                    }
                }
            }
        }

        private void absent(int number, String code) {
            switch (language) {
                case "java" -> {
                    Matcher map = MAP_JAVA.matcher(file);
                    while (map.find()) {
                        Pattern chained = Pattern.compile("\\b(" + map.group(2) + "\\.get" + ARGUMENTS + ")\\.");
                        each(chained, number, code, Kind.ABSENT);
                        assigned(
                                number,
                                code,
                                Pattern.compile("^(?:this\\.)?" + map.group(2) + "\\.get" + ARGUMENTS + "\\s*;\\s*$"));
                    }
                    assigned(number, code, MAYBE_NULL_JAVA);
                }
                case "python" -> {
                    each(MATCHED_AND_USED, number, code, Kind.ABSENT);
                    assigned(number, code, MAYBE_NONE_PYTHON);
                    Matcher optional = OPTIONAL_PYTHON.matcher(file);
                    while (optional.find()) {
                        each(
                                Pattern.compile("\\b((?:\\w+\\.)?" + optional.group(1) + ")(?:\\.|\\[)"),
                                number,
                                code,
                                Kind.ABSENT);
                    }
                }
                case "go" -> {
                    Matcher map = MAP_GO.matcher(file);
                    while (map.find()) {
                        each(
                                Pattern.compile("((?:\\w+\\.)?" + map.group(1) + "\\[[^\\]]+\\])\\."),
                                number,
                                code,
                                Kind.ABSENT);
                    }
                }
                default -> {
                    if (SCRIPT.contains(language)) {
                        each(ASSERTED, number, code, Kind.ABSENT);
                        assigned(number, code, MAYBE_UNDEFINED_SCRIPT);
                    }
                }
            }
        }

        /** A variable that takes a value which may be absent, at the first line that uses it. */
        private void assigned(int number, String code, Pattern maybe) {
            Matcher assignment = MAYBE_ASSIGNED.matcher(code);
            if (!assignment.find()
                    || assignment.group(2).startsWith("await ")
                    || !maybe.matcher(assignment.group(2)).find()) {
                return;
            }
            String name = assignment.group(1);
            Pattern used = Pattern.compile("\\b" + Pattern.quote(name) + "(?:\\.|\\[)");
            Pattern tested = Pattern.compile("\\b" + Pattern.quote(name) + "\\s*(?:[!=]=|\\?|is\\b|&&|\\))");
            for (int later : function.body()) {
                if (later > number && used.matcher(code(later)).find()) {
                    if (!tested.matcher(code(later)).find()) {
                        add(later, Kind.ABSENT, name);
                    }
                    return;
                }
            }
        }

        private void empty(int number, String code) {
            switch (language) {
                case "python" -> {
                    if (!DECIDES.matcher(code).find()) {
                        emptyIfPassed(ENDS_OF_PYTHON, number, code);
                        emptyIfPassed(MOST_OF_PYTHON, number, code);
                    }
                }
                case "java" -> emptyIfPassed(ENDS_OF_JAVA, number, code);
                case "go" -> emptyIfPassed(ENDS_OF_GO, number, code);
                default -> {
                    if (SCRIPT.contains(language)) {
                        emptyIfPassed(FIRST_OF_SCRIPT, number, code);
                        Matcher reduced = REDUCED.matcher(code);
                        while (reduced.find()) {
                            if (arguments(reduced.group(2)) == 1) {
                                emptyIfPassed(REDUCED, number, code);
                            }
                        }
                    }
                }
            }
        }

        private void callersList(int number, String code) {
            Matcher matcher = IN_PLACE.matcher(code);
            while (matcher.find()) {
                String name = matcher.group(1) == null ? matcher.group(2) : matcher.group(1);
                boolean parameter = isParameter(name);
                boolean answers = function.body().stream()
                        .anyMatch(line -> ANSWERS.matcher(function.text(line)).find());
                boolean copied = function.body().stream()
                        .anyMatch(line -> line < number
                                && Pattern.compile("^\\s*" + name + "\\s*=[^=]")
                                        .matcher(function.text(line))
                                        .find());
                boolean accessor = language.equals("java") && code.contains(name + ".sort()");
                if (parameter && answers && !copied && !accessor) {
                    add(number, Kind.CALLERS_LIST, name);
                }
            }
        }

        private void changedWhileRead(int number, String code) {
            Matcher loop = LOOP.matcher(code);
            if (!loop.find()) {
                return;
            }
            String name = loop.group(1);
            Pattern change = Pattern.compile(
                    "\\b" + Pattern.quote(name) + "\\.(?:remove|add|pop|append|insert|splice|push|delete)\\(|\\bdel\\s+"
                            + Pattern.quote(name) + "\\[");
            int indentation = indentation(number);
            for (int later : function.body()) {
                if (later > number) {
                    if (indentation(later) <= indentation) {
                        return;
                    }
                    if (change.matcher(code(later)).find()) {
                        add(later, Kind.CHANGED_WHILE_READ, name);
                    }
                }
            }
        }

        private void notAwaited(int number, String code) {
            if (!SCRIPT.contains(language)) {
                return;
            }
            Matcher each = ASYNC_EACH.matcher(code);
            if (each.find()) {
                add(number, Kind.NOT_AWAITED, each.group(1) + ".forEach");
                return;
            }
            Matcher call = CALLED_ALONE.matcher(code);
            if (call.find()
                    && Pattern.compile("\\b" + Pattern.quote(call.group(2)) + ARGUMENTS + "\\s*:\\s*Promise\\b")
                            .matcher(file)
                            .find()) {
                add(number, Kind.NOT_AWAITED, call.group(1));
            }
        }

        private void notClosed(int number, String code) {
            Matcher opened = OPENED.matcher(code);
            if (!opened.find()) {
                return;
            }
            String name = opened.group(1) == null ? opened.group(2) : opened.group(1);
            Pattern passedOn = Pattern.compile("\\breturn\\b.*\\b" + name + "\\b");
            if (function.body().stream()
                    .noneMatch(line ->
                            line > number && passedOn.matcher(code(line)).find())) {
                add(number, Kind.NOT_CLOSED, name);
            }
        }

        private void notLocked(int number, String code) {
            if (language.equals("go") && file.contains(".Lock()")) {
                each(MAP_WRITE_GO, number, code, Kind.NOT_LOCKED);
            }
        }

        private void errorIgnored(int number, String code) {
            if (language.equals("go")) {
                each(DROPPED_GO, number, code, Kind.ERROR_IGNORED);
            }
            if (HANDLER.matcher(code).matches()
                    && number < function.lastLine()
                    && HANDLED_BY_NOTHING.matcher(function.text(number + 1)).matches()) {
                add(
                        number,
                        Kind.ERROR_IGNORED,
                        code.strip().replaceFirst("^\\}\\s*", "").replaceFirst("\\s*[:{]$", ""));
            }
        }

        private void order(int number, String code) {
            if (!SORTED.matcher(code).find()
                    || !PROMISES_ORDER.matcher(description()).find()) {
                return;
            }
            String body =
                    String.join(" ", function.body().stream().map(this::code).toList());
            if (!SORTED_BY_OWN_RULE.matcher(body).find()) {
                add(number, Kind.ORDER, SORTED_DOWN.matcher(body).find() ? DESCENDING : ASCENDING);
            }
        }

        /** Header and comment. */
        private String description() {
            int header = function.headerIndex();
            boolean documentedBelow =
                    language.equals("python") && function.lines().size() > header + 1;
            return String.join(" ", function.lines().subList(0, documentedBelow ? header + 2 : header + 1));
        }

        private boolean isParameter(String name) {
            return Pattern.compile("[(,][^()]*\\b" + Pattern.quote(name) + "\\b\\s*(?:[:,)=?]|\\[\\]|\\w)")
                    .matcher(function.header())
                    .find();
        }

        /** Only of what callers pass: of its own fields a class may know more. */
        private void emptyIfPassed(Pattern pattern, int number, String code) {
            Matcher matcher = pattern.matcher(code);
            while (!SIZE.matcher(code).find() && matcher.find()) {
                Matcher root = ROOT.matcher(matcher.group(1));
                if (root.find() && isParameter(root.group(1))) {
                    add(number, Kind.EMPTY, root.group(1));
                }
            }
        }

        private void each(Pattern pattern, int number, String code, Kind kind) {
            Matcher matcher = pattern.matcher(code);
            while (matcher.find()) {
                add(number, kind, firstGroup(matcher));
            }
        }

        private void add(int number, Kind kind, @Nullable String subject) {
            if (subject != null) {
                found.add(new Hazard(function, number, kind, subject));
            }
        }

        /** The line without what is said rather than done. */
        private String code(int number) {
            String code = COMMENT_BEHIND.matcher(function.text(number)).replaceFirst("");
            return STRING.matcher(code).replaceAll("\"\"");
        }

        private int indentation(int number) {
            String line = function.text(number);
            return line.length() - line.stripLeading().length();
        }
    }

    private static @Nullable String firstGroup(Matcher matcher) {
        for (int group = 1; group <= matcher.groupCount(); group++) {
            if (matcher.group(group) != null) {
                return matcher.group(group);
            }
        }
        return null;
    }

    /** How many arguments stand between the parentheses. */
    private static int arguments(String parenthesised) {
        int depth = 0;
        int arguments = 1;
        for (int i = 0; i < parenthesised.length(); i++) {
            char c = parenthesised.charAt(i);
            if ("([{".indexOf(c) >= 0) {
                depth++;
            } else if (")]}".indexOf(c) >= 0) {
                depth--;
            } else if (c == ',' && depth == 1) {
                arguments++;
            }
        }
        return arguments;
    }
}
