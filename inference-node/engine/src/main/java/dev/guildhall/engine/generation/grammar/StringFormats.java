package dev.guildhall.engine.generation.grammar;

import static dev.guildhall.engine.generation.grammar.Expression.choice;
import static dev.guildhall.engine.generation.grammar.Expression.oneOf;
import static dev.guildhall.engine.generation.grammar.Expression.range;
import static dev.guildhall.engine.generation.grammar.Expression.repeat;
import static dev.guildhall.engine.generation.grammar.Expression.sequence;
import static dev.guildhall.engine.generation.grammar.Expression.text;

import java.util.List;
import java.util.Optional;

/** Strings of a named format. */
final class StringFormats {

    private static final Expression DIGIT = Json.DIGIT;
    private static final Expression HEX = oneOf("0123456789abcdef");

    private StringFormats() {}

    static List<String> names() {
        return List.of("date", "time", "date-time", "uuid");
    }

    static Optional<Expression> named(String name) {
        return Optional.ofNullable(
                switch (name) {
                    case "date" -> quoted(date());
                    case "time" -> quoted(time());
                    case "date-time" -> quoted(sequence(date(), text("T"), time()));
                    case "uuid" -> quoted(uuid());
                    default -> null;
                });
    }

    private static Expression quoted(Expression content) {
        return sequence(text("\""), content, text("\""));
    }

    /** Days that every year has: the 29th of February is left out. */
    private static Expression date() {
        Expression to28 = choice(
                sequence(text("0"), range('1', '9')), sequence(text("1"), DIGIT), sequence(text("2"), range('0', '8')));
        Expression to30 = choice(to28, text("29"), text("30"));
        Expression to31 = choice(to30, text("31"));
        Expression monthAndDay = choice(
                sequence(text("02-"), to28),
                sequence(choice(text("04-"), text("06-"), text("09-"), text("11-")), to30),
                sequence(
                        choice(
                                text("01-"),
                                text("03-"),
                                text("05-"),
                                text("07-"),
                                text("08-"),
                                text("10-"),
                                text("12-")),
                        to31));
        return sequence(repeat(DIGIT, 4, 4), text("-"), monthAndDay);
    }

    private static Expression time() {
        Expression sixty = sequence(range('0', '5'), DIGIT);
        Expression hour = choice(sequence(oneOf("01"), DIGIT), sequence(text("2"), range('0', '3')));
        return sequence(hour, text(":"), sixty, text(":"), sixty, text("Z"));
    }

    private static Expression uuid() {
        return sequence(
                repeat(HEX, 8, 8),
                text("-"),
                repeat(HEX, 4, 4),
                text("-"),
                repeat(HEX, 4, 4),
                text("-"),
                repeat(HEX, 4, 4),
                text("-"),
                repeat(HEX, 12, 12));
    }
}
