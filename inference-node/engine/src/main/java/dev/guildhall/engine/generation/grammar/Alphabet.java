package dev.guildhall.engine.generation.grammar;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** How characters are written in an answer. */
enum Alphabet {
    /** As they are. */
    PLAIN {
        @Override
        Expression oneOf(CodePoints characters) {
            return characters.utf8();
        }
    },
    /** Within the quotes of a JSON string. */
    JSON_STRING {
        @Override
        Expression oneOf(CodePoints characters) {
            List<Expression> options = new ArrayList<>();
            CodePoints raw = characters.without(ESCAPED);
            if (!raw.isEmpty()) {
                options.add(raw.utf8());
            }
            for (CodePoints.Range range : characters.and(ESCAPED).ranges()) {
                for (int character = range.first(); character <= range.last(); character++) {
                    options.add(Expression.text(escape(character)));
                }
            }
            return Expression.choice(options);
        }
    };

    private static final CodePoints ESCAPED = CodePoints.range(0, 0x1F).or(CodePoints.of('"', '\\'));

    /** One of the characters, of which there is at least one. */
    abstract Expression oneOf(CodePoints characters);

    Expression text(String text) {
        if (this == PLAIN) {
            return Expression.text(text);
        }
        StringBuilder escaped = new StringBuilder();
        text.codePoints().forEach(character -> {
            if (character < ' ' || character == '"' || character == '\\') {
                escaped.append(escape(character));
            } else {
                escaped.appendCodePoint(character);
            }
        });
        return new Expression.Text(escaped.toString().getBytes(StandardCharsets.UTF_8));
    }

    private static String escape(int character) {
        return switch (character) {
            case '"' -> "\\\"";
            case '\\' -> "\\\\";
            case '\b' -> "\\b";
            case '\f' -> "\\f";
            case '\n' -> "\\n";
            case '\r' -> "\\r";
            case '\t' -> "\\t";
            default -> "\\u%04x".formatted(character);
        };
    }
}
