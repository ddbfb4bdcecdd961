package dev.guildhall.engine.template;

import dev.guildhall.engine.template.Token.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Cuts a template into tokens, with the white space around tags as transformers sets Jinja up: a line feed behind a statement or comment
 * goes (trim_blocks), and so do the spaces before one that begins its line (lstrip_blocks).
 */
final class Lexer {

    private static final String[] OPERATORS = {
        "//", "**", "==", "!=", "<=", ">=", "+", "-", "*", "/", "%", "~", "<", ">", "=", "(", ")", "[", "]", "{", "}",
        ",", ".", ":", "|"
    };

    private static final Pattern NUMBER = Pattern.compile("[0-9][0-9_]{0,40}(\\.[0-9]{1,40})?([eE][-+]?[0-9]{1,3})?");

    /** A chain of operators is worked off by recursion, hence it has an end. */
    private static final int TAG_TOKENS_MAX = 1_000;

    private final String source;
    private final List<Token> tokens = new ArrayList<>();
    private int position;
    private int line = 1;

    private Lexer(String source) {
        this.source = source;
    }

    static List<Token> read(String source) {
        String unified = source.replace("\r\n", "\n").replace('\r', '\n');
        Lexer lexer = new Lexer(unified.endsWith("\n") ? unified.substring(0, unified.length() - 1) : unified);
        lexer.read();
        return lexer.tokens;
    }

    private TemplateException error(String problem) {
        return new TemplateException("line %d of the template: %s".formatted(line, problem));
    }

    private void read() {
        boolean lineBegins = true;
        while (position < source.length()) {
            int tag = nextTag(position);
            String data = source.substring(position, tag < 0 ? source.length() : tag);
            if (tag < 0) {
                addData(data);
                break;
            }
            char kind = source.charAt(tag + 1);
            char sign = tag + 2 < source.length() ? source.charAt(tag + 2) : ' ';
            if (sign == '-') {
                data = data.stripTrailing();
            } else if (sign != '+' && kind != '{') {
                data = withoutIndent(data, lineBegins);
            }
            addData(data);
            line += lineFeeds(position, tag);
            position = tag + (sign == '-' || sign == '+' ? 3 : 2);
            switch (kind) {
                case '#' -> passComment();
                case '%' -> readStatement();
                default -> readTag(Kind.EXPRESSION_BEGIN, "}}");
            }
            lineBegins = source.charAt(position - 1) == '\n';
        }
        tokens.add(new Token(Kind.END_OF_TEMPLATE, "", line));
    }

    private int nextTag(int from) {
        for (int at = source.indexOf('{', from);
                at >= 0 && at + 1 < source.length();
                at = source.indexOf('{', at + 1)) {
            if ("{%#".indexOf(source.charAt(at + 1)) >= 0) {
                return at;
            }
        }
        return -1;
    }

    private static String withoutIndent(String data, boolean lineBegins) {
        int start = data.lastIndexOf('\n') + 1;
        boolean atLineStart = start > 0 || lineBegins;
        return atLineStart && data.substring(start).isBlank() ? data.substring(0, start) : data;
    }

    private void addData(String data) {
        if (!data.isEmpty()) {
            tokens.add(new Token(Kind.DATA, data, line));
        }
    }

    private int lineFeeds(int from, int to) {
        return (int) source.substring(from, to)
                .chars()
                .filter(character -> character == '\n')
                .count();
    }

    private void passComment() {
        int end = source.indexOf("#}", position);
        if (end < 0) {
            throw error("a comment has no end");
        }
        line += lineFeeds(position, end);
        char sign = source.charAt(end - 1);
        position = end + 2;
        passSpace(sign == '-', sign != '+');
    }

    private void readStatement() {
        int word = position;
        while (word < source.length() && Character.isWhitespace(source.charAt(word))) {
            word++;
        }
        if (source.startsWith("raw", word)
                && source.substring(word + 3).stripLeading().matches("(?s)[-+]?%}.*")) {
            readRaw(word + 3);
            return;
        }
        readTag(Kind.STATEMENT_BEGIN, "%}");
    }

    /** Everything up to {@code endraw} stands for itself. */
    private void readRaw(int from) {
        position = source.indexOf("%}", from) + 2;
        passSpace(source.charAt(position - 3) == '-', source.charAt(position - 3) != '+');
        Matcher end = Pattern.compile("\\{%([-+]?)\\s*endraw\\s*([-+]?)%}").matcher(source);
        if (!end.find(position)) {
            throw error("raw has no endraw");
        }
        String data = source.substring(position, end.start());
        addData(end.group(1).equals("-") ? data.stripTrailing() : withoutIndent(data, false));
        line += lineFeeds(position, end.end());
        position = end.end();
        passSpace(end.group(2).equals("-"), !end.group(2).equals("+"));
    }

    /** @param trims a single line feed goes */
    private void passSpace(boolean all, boolean trims) {
        while (all && position < source.length() && Character.isWhitespace(source.charAt(position))) {
            line += source.charAt(position++) == '\n' ? 1 : 0;
        }
        if (!all && trims && position < source.length() && source.charAt(position) == '\n') {
            position++;
            line++;
        }
    }

    private void readTag(Kind begin, String end) {
        tokens.add(new Token(begin, "", line));
        int begun = tokens.size();
        int braces = 0;
        while (true) {
            if (tokens.size() - begun > TAG_TOKENS_MAX) {
                throw error("a tag has more than %,d parts".formatted(TAG_TOKENS_MAX));
            }
            while (position < source.length() && Character.isWhitespace(source.charAt(position))) {
                line += source.charAt(position++) == '\n' ? 1 : 0;
            }
            if (position >= source.length()) {
                throw error("a tag has no end");
            }
            char character = source.charAt(position);
            boolean signed = (character == '-' || character == '+') && source.startsWith(end, position + 1);
            if (braces == 0 && (signed || source.startsWith(end, position))) {
                position += end.length() + (signed ? 1 : 0);
                tokens.add(new Token(Kind.END, end, line));
                passSpace(signed && character == '-', begin == Kind.STATEMENT_BEGIN && !(signed && character == '+'));
                return;
            }
            readToken(character);
            braces += "{[(".indexOf(character) >= 0 ? 1 : "}])".indexOf(character) >= 0 ? -1 : 0;
        }
    }

    private void readToken(char first) {
        int start = position;
        if (first == '"' || first == '\'') {
            readString(first);
        } else if (first >= '0' && first <= '9') {
            readNumber();
        } else if (Character.isLetter(first) || first == '_') {
            while (position < source.length()
                    && (Character.isLetterOrDigit(source.charAt(position)) || source.charAt(position) == '_')) {
                position++;
            }
            tokens.add(new Token(Kind.NAME, source.substring(start, position), line));
        } else {
            for (String operator : OPERATORS) {
                if (source.startsWith(operator, position)) {
                    position += operator.length();
                    tokens.add(new Token(Kind.OPERATOR, operator, line));
                    return;
                }
            }
            throw error("'%s' is not understood".formatted(first));
        }
    }

    private void readNumber() {
        Matcher number = NUMBER.matcher(source).region(position, source.length());
        if (!number.lookingAt()) {
            throw error("'%s' is no number".formatted(source.charAt(position)));
        }
        position = number.end();
        String digits = number.group().replace("_", "");
        boolean real = number.group(1) != null || number.group(2) != null;
        if (!real && digits.length() > 18) {
            throw error("the number %s is too long".formatted(digits));
        }
        tokens.add(new Token(real ? Kind.FLOAT : Kind.INTEGER, digits, line));
    }

    private void readString(char quote) {
        StringBuilder text = new StringBuilder();
        int startLine = line;
        position++;
        while (position < source.length() && source.charAt(position) != quote) {
            char character = source.charAt(position++);
            if (character == '\\' && position < source.length()) {
                readEscape(text);
            } else {
                line += character == '\n' ? 1 : 0;
                text.append(character);
            }
        }
        if (position >= source.length()) {
            throw error("a string has no end");
        }
        position++;
        tokens.add(new Token(Kind.STRING, text.toString(), startLine));
    }

    private void readEscape(StringBuilder text) {
        char character = source.charAt(position++);
        switch (character) {
            case 'n' -> text.append('\n');
            case 't' -> text.append('\t');
            case 'r' -> text.append('\r');
            case 'b' -> text.append('\b');
            case 'f' -> text.append('\f');
            case '\\', '\'', '"' -> text.append(character);
            case '\n' -> line++;
            case 'x' -> readCode(2, text);
            case 'u' -> readCode(4, text);
            case 'U' -> readCode(8, text);
            default -> text.append('\\').append(character);
        }
    }

    private void readCode(int digits, StringBuilder text) {
        try {
            text.appendCodePoint(Integer.parseInt(source.substring(position, position + digits), 16));
        } catch (IndexOutOfBoundsException | IllegalArgumentException e) {
            throw error("a string has an escape without %d hexadecimal digits".formatted(digits));
        }
        position += digits;
    }
}
