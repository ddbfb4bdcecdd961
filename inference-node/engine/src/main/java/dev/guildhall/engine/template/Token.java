package dev.guildhall.engine.template;

/**
 * A piece of a template's source.
 *
 * @param line on which it begins, from 1
 */
record Token(Kind kind, String text, int line) {

    enum Kind {
        /** Stands for itself. */
        DATA,
        STATEMENT_BEGIN,
        EXPRESSION_BEGIN,
        /** Ends either. */
        END,
        NAME,
        STRING,
        INTEGER,
        FLOAT,
        OPERATOR,
        END_OF_TEMPLATE
    }

    boolean is(Kind wanted, String wantedText) {
        return kind == wanted && text.equals(wantedText);
    }

    boolean isOperator(String operator) {
        return is(Kind.OPERATOR, operator);
    }

    boolean isName(String name) {
        return is(Kind.NAME, name);
    }
}
