package dev.guildhall.engine.template;

import dev.guildhall.engine.template.Expression.Arguments;
import dev.guildhall.engine.template.Token.Kind;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads a template by recursive descent, with Jinja's order of operators. */
final class Parser {

    /** Deepest nesting of brackets and blocks. */
    private static final int DEPTH_MAX = 100;

    private static final Set<String> COMPARISONS = Set.of("==", "!=", "<", "<=", ">", ">=");

    /** Names that end a test without parentheses rather than being its argument. */
    private static final Set<String> AFTER_TEST = Set.of("and", "or", "else", "is", "if", "in", "not");

    private final List<Token> tokens;
    private int position;
    private int depth;

    private Parser(List<Token> tokens) {
        this.tokens = tokens;
    }

    static List<Statement> parse(String source) {
        Parser parser = new Parser(Lexer.read(source));
        List<Statement> statements = parser.statements(Set.of());
        if (parser.token().kind() != Kind.END_OF_TEMPLATE) {
            throw parser.error("%s has no beginning"
                    .formatted(parser.tokens.get(parser.position + 1).text()));
        }
        return statements;
    }

    private Token token() {
        return tokens.get(position);
    }

    private Token next() {
        return tokens.get(position++);
    }

    private TemplateException error(String problem) {
        return new TemplateException("line %d of the template: %s".formatted(token().line(), problem));
    }

    private boolean passOperator(String operator) {
        boolean there = token().isOperator(operator);
        position += there ? 1 : 0;
        return there;
    }

    private boolean passName(String name) {
        boolean there = token().isName(name);
        position += there ? 1 : 0;
        return there;
    }

    private void expectOperator(String operator) {
        if (!passOperator(operator)) {
            throw error("'%s' is missing before '%s'".formatted(operator, token().text()));
        }
    }

    private void expectName(String name) {
        if (!passName(name)) {
            throw error("'%s' is missing before '%s'".formatted(name, token().text()));
        }
    }

    private String name() {
        if (token().kind() != Kind.NAME) {
            throw error("'%s' is no name".formatted(token().text()));
        }
        return next().text();
    }

    private void expectEnd() {
        if (token().kind() != Kind.END) {
            throw error("'%s' is not expected here".formatted(token().text()));
        }
        position++;
    }

    private void goDeeper() {
        if (++depth > DEPTH_MAX) {
            throw error("it nests deeper than %d levels".formatted(DEPTH_MAX));
        }
    }

    /** Up to a statement of one of these names, which stays. */
    private List<Statement> statements(Set<String> ends) {
        goDeeper();
        List<Statement> statements = new ArrayList<>();
        while (true) {
            switch (token().kind()) {
                case DATA -> statements.add(new Statement.Write(Text.literal(next().text())));
                case EXPRESSION_BEGIN -> {
                    int line = next().line();
                    statements.add(new Statement.Print(tupleOrExpression(), line));
                    expectEnd();
                }
                case STATEMENT_BEGIN -> {
                    Token word = tokens.get(position + 1);
                    if (ends.contains(word.text())) {
                        depth--;
                        return statements;
                    }
                    if (word.text().startsWith("end") || word.isName("else") || word.isName("elif")) {
                        throw error("%s has no beginning".formatted(word.text()));
                    }
                    position++;
                    statement(statements);
                }
                case END_OF_TEMPLATE -> {
                    if (!ends.isEmpty()) {
                        throw error("%s is missing".formatted(ends.iterator().next()));
                    }
                    depth--;
                    return statements;
                }
                default -> throw error("'%s' is not expected here".formatted(token().text()));
            }
        }
    }

    private void statement(List<Statement> statements) {
        int line = token().line();
        String word = name();
        switch (word) {
            case "if" -> statements.add(branches());
            case "for" -> statements.add(loop(line));
            case "set" -> statements.add(set(line));
            case "macro" -> statements.add(macro());
            case "break" -> {
                expectEnd();
                statements.add(new Statement.Break());
            }
            case "continue" -> {
                expectEnd();
                statements.add(new Statement.Continue());
            }
            // Marks what the model itself wrote, for training.
            case "generation" -> {
                expectEnd();
                statements.addAll(statements(Set.of("endgeneration")));
                end("endgeneration");
            }
            default ->
                throw error(
                        "the statement %s is unknown; known are if, for, set, macro, break, continue, generation and raw"
                                .formatted(word));
        }
    }

    private void end(String word) {
        position++;
        expectName(word);
        expectEnd();
    }

    private Statement branches() {
        List<Statement.If.Branch> branches = new ArrayList<>();
        List<Statement> otherwise = List.of();
        do {
            Expression condition = tupleOrExpression();
            expectEnd();
            branches.add(new Statement.If.Branch(condition, statements(Set.of("elif", "else", "endif"))));
            position++;
        } while (passName("elif"));
        if (passName("else")) {
            expectEnd();
            otherwise = statements(Set.of("endif"));
            position++;
        }
        expectName("endif");
        expectEnd();
        return new Statement.If(branches, otherwise);
    }

    private List<String> targets() {
        boolean brackets = passOperator("(");
        List<String> targets = new ArrayList<>();
        do {
            targets.add(name());
        } while (passOperator(",") && token().kind() == Kind.NAME);
        if (brackets) {
            expectOperator(")");
        }
        return targets;
    }

    private Statement loop(int line) {
        List<String> targets = targets();
        expectName("in");
        Expression over = or();
        if (passOperator(",")) {
            throw error("a loop over several values needs brackets around them");
        }
        Expression condition = passName("if") ? expression() : null;
        expectEnd();
        List<Statement> body = statements(Set.of("else", "endfor"));
        position++;
        List<Statement> otherwise = List.of();
        if (passName("else")) {
            expectEnd();
            otherwise = statements(Set.of("endfor"));
            position++;
        }
        expectName("endfor");
        expectEnd();
        return new Statement.For(targets, over, condition, body, otherwise, line);
    }

    private Statement set(int line) {
        List<String> targets = targets();
        if (targets.size() == 1 && passOperator(".")) {
            String attribute = name();
            expectOperator("=");
            Expression value = tupleOrExpression();
            expectEnd();
            return new Statement.SetAttribute(targets.getFirst(), attribute, value, line);
        }
        if (targets.size() == 1 && token().kind() == Kind.END) {
            expectEnd();
            List<Statement> body = statements(Set.of("endset"));
            end("endset");
            return new Statement.SetBlock(targets.getFirst(), body);
        }
        expectOperator("=");
        Expression value = tupleOrExpression();
        expectEnd();
        return new Statement.Set(targets, value, line);
    }

    private Statement macro() {
        String macro = name();
        LinkedHashMap<String, @Nullable Expression> parameters = new LinkedHashMap<>();
        expectOperator("(");
        while (!passOperator(")")) {
            String parameter = name();
            parameters.put(parameter, passOperator("=") ? expression() : null);
            if (!token().isOperator(")")) {
                expectOperator(",");
            }
        }
        expectEnd();
        List<Statement> body = statements(Set.of("endmacro"));
        end("endmacro");
        return new Statement.Macro(macro, parameters, body);
    }

    private Expression tupleOrExpression() {
        Expression first = expression();
        if (!token().isOperator(",")) {
            return first;
        }
        List<Expression> elements = new ArrayList<>(List.of(first));
        while (passOperator(",") && token().kind() != Kind.END) {
            elements.add(expression());
        }
        return new Expression.ListOf(elements, true);
    }

    private Expression expression() {
        goDeeper();
        Expression value = or();
        while (passName("if")) {
            Expression condition = or();
            value = new Expression.Conditional(condition, value, passName("else") ? expression() : null);
        }
        depth--;
        return value;
    }

    private Expression or() {
        Expression left = and();
        while (passName("or")) {
            left = new Expression.Or(left, and());
        }
        return left;
    }

    private Expression and() {
        Expression left = not();
        while (passName("and")) {
            left = new Expression.And(left, not());
        }
        return left;
    }

    private Expression not() {
        int count = 0;
        while (passName("not")) {
            count++;
        }
        Expression value = comparison();
        for (int i = 0; i < count; i++) {
            value = new Expression.Not(value);
        }
        return value;
    }

    private Expression comparison() {
        Expression first = sum();
        List<Expression.Comparison.Step> steps = new ArrayList<>();
        while (true) {
            String operator;
            if (token().kind() == Kind.OPERATOR && COMPARISONS.contains(token().text())) {
                operator = next().text();
            } else if (passName("in")) {
                operator = "in";
            } else if (token().isName("not") && tokens.get(position + 1).isName("in")) {
                position += 2;
                operator = "not in";
            } else {
                break;
            }
            steps.add(new Expression.Comparison.Step(operator, sum()));
        }
        return steps.isEmpty() ? first : new Expression.Comparison(first, steps);
    }

    private Expression sum() {
        Expression left = joined();
        while (token().isOperator("+") || token().isOperator("-")) {
            left = new Expression.Arithmetic(next().text(), left, joined());
        }
        return left;
    }

    private Expression joined() {
        Expression left = product();
        while (passOperator("~")) {
            left = new Expression.Arithmetic("~", left, product());
        }
        return left;
    }

    private Expression product() {
        Expression left = power();
        while (token().isOperator("*")
                || token().isOperator("/")
                || token().isOperator("//")
                || token().isOperator("%")) {
            left = new Expression.Arithmetic(next().text(), left, power());
        }
        return left;
    }

    private Expression power() {
        Expression left = unary(true);
        while (passOperator("**")) {
            left = new Expression.Arithmetic("**", left, unary(true));
        }
        return left;
    }

    private Expression unary(boolean withFilters) {
        goDeeper();
        Expression value;
        if (passOperator("-")) {
            value = new Expression.Negative(unary(false));
        } else if (passOperator("+")) {
            value = unary(false);
        } else {
            value = primary();
        }
        value = postfix(value);
        if (withFilters) {
            value = filters(value);
        }
        depth--;
        return value;
    }

    private Expression primary() {
        Token token = next();
        return switch (token.kind()) {
            case STRING -> {
                StringBuilder text = new StringBuilder(token.text());
                while (token().kind() == Kind.STRING) {
                    text.append(next().text());
                }
                yield new Expression.Literal(Text.literal(text.toString()));
            }
            case INTEGER -> new Expression.Literal(Long.parseLong(token.text()));
            case FLOAT -> new Expression.Literal(Double.parseDouble(token.text()));
            case NAME ->
                switch (token.text()) {
                    case "true", "True" -> new Expression.Literal(true);
                    case "false", "False" -> new Expression.Literal(false);
                    case "none", "None" -> new Expression.Literal(null);
                    default -> new Expression.Name(token.text());
                };
            case OPERATOR ->
                switch (token.text()) {
                    case "(" -> brackets();
                    case "[" -> new Expression.ListOf(elements("]"), false);
                    case "{" -> map();
                    default -> throw unexpected();
                };
            default -> throw unexpected();
        };
    }

    private TemplateException unexpected() {
        position--;
        return error("'%s' is no value".formatted(token().text()));
    }

    private Expression brackets() {
        if (passOperator(")")) {
            return new Expression.ListOf(List.of(), true);
        }
        Expression first = expression();
        if (passOperator(")")) {
            return first;
        }
        expectOperator(",");
        List<Expression> elements = new ArrayList<>(List.of(first));
        elements.addAll(elements(")"));
        return new Expression.ListOf(elements, true);
    }

    private List<Expression> elements(String end) {
        List<Expression> elements = new ArrayList<>();
        while (!passOperator(end)) {
            elements.add(expression());
            if (!token().isOperator(end)) {
                expectOperator(",");
            }
        }
        return elements;
    }

    private Expression map() {
        List<Map.Entry<Expression, Expression>> entries = new ArrayList<>();
        while (!passOperator("}")) {
            Expression key = expression();
            expectOperator(":");
            entries.add(Map.entry(key, expression()));
            if (!token().isOperator("}")) {
                expectOperator(",");
            }
        }
        return new Expression.MapOf(entries);
    }

    private Expression postfix(Expression start) {
        Expression value = start;
        while (true) {
            if (passOperator(".")) {
                if (token().kind() == Kind.INTEGER) {
                    value = new Expression.Item(value, new Expression.Literal(Long.parseLong(next().text())));
                } else {
                    value = new Expression.Attribute(value, name());
                }
            } else if (passOperator("[")) {
                value = subscript(value);
            } else if (passOperator("(")) {
                value = new Expression.Call(value, arguments());
            } else {
                return value;
            }
        }
    }

    private Expression subscript(Expression of) {
        @Nullable Expression[] parts = new @Nullable Expression[3];
        int part = 0;
        while (!passOperator("]")) {
            if (passOperator(":")) {
                part++;
            } else {
                parts[part] = expression();
            }
            if (part > 2) {
                throw error("a slice has more than three parts");
            }
        }
        if (part > 0) {
            return new Expression.Slice(of, parts[0], parts[1], parts[2]);
        }
        Expression key = parts[0];
        if (key == null) {
            throw error("nothing stands between [ and ]");
        }
        return new Expression.Item(of, key);
    }

    private Arguments arguments() {
        List<Expression> positional = new ArrayList<>();
        Map<String, Expression> named = new LinkedHashMap<>();
        while (!passOperator(")")) {
            if (token().kind() == Kind.NAME && tokens.get(position + 1).isOperator("=")) {
                String parameter = name();
                position++;
                named.put(parameter, expression());
            } else {
                positional.add(expression());
            }
            if (!token().isOperator(")")) {
                expectOperator(",");
            }
        }
        return new Arguments(positional, named);
    }

    private Expression filters(Expression start) {
        Expression value = start;
        while (true) {
            if (passOperator("|")) {
                String filter = name();
                value = new Expression.Filter(value, filter, passOperator("(") ? arguments() : Arguments.NONE);
            } else if (passName("is")) {
                value = test(value);
            } else if (passOperator("(")) {
                value = new Expression.Call(value, arguments());
            } else {
                return value;
            }
        }
    }

    private Expression test(Expression of) {
        boolean negated = passName("not");
        String test = name();
        Arguments arguments = Arguments.NONE;
        if (passOperator("(")) {
            arguments = arguments();
        } else if (startsArgument()) {
            arguments = new Arguments(List.of(postfix(primary())), Map.of());
        }
        Expression result = new Expression.Test(of, test, arguments);
        return negated ? new Expression.Not(result) : result;
    }

    private boolean startsArgument() {
        return switch (token().kind()) {
            case STRING, INTEGER, FLOAT -> true;
            case NAME -> !AFTER_TEST.contains(token().text());
            case OPERATOR -> token().isOperator("[") || token().isOperator("{");
            default -> false;
        };
    }
}
