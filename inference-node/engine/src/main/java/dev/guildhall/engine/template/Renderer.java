package dev.guildhall.engine.template;

import dev.guildhall.engine.template.Builtins.Given;
import dev.guildhall.engine.template.Values.Function;
import dev.guildhall.engine.template.Values.Namespace;
import dev.guildhall.engine.template.Values.Undefined;
import java.math.BigDecimal;
import java.time.Clock;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One rendering of a template: follows its statements, within limits. */
final class Renderer {

    /** A long conversation takes some hundred thousand. */
    private static final long STEPS_MAX = 10_000_000;

    private static final int OUTPUT_CHARS_MAX = 64 << 20;
    private static final int RANGE_MAX = 100_000;
    private static final int CALL_DEPTH_MAX = 50;

    /** Characters that are copied at the price of one step, which bounds the memory that a template can hold. */
    private static final int COPIED_PER_STEP = 16;

    private enum Flow {
        ON,
        BREAK,
        CONTINUE
    }

    private final Clock clock;
    private long steps;
    private int callDepth;
    private Scope globals = new Scope(null);
    private Text.Builder output = new Text.Builder();

    Renderer(Clock clock) {
        this.clock = clock;
    }

    void charge(long count) {
        steps += count;
        if (steps > STEPS_MAX) {
            throw new TemplateException("the template takes more than %,d steps".formatted(STEPS_MAX));
        }
    }

    Text render(List<Statement> statements, Scope scope) {
        scope.set("namespace", (Function) given -> new Namespace(new LinkedHashMap<>(given.named())));
        scope.set("dict", (Function) given -> new LinkedHashMap<>(given.named()));
        scope.set("range", (Function) given -> {
            List<@Nullable Object> numbers = range(given.positional());
            charge(numbers.size());
            return numbers;
        });
        scope.set("raise_exception", (Function) given -> {
            throw new TemplateException(
                    Values.text(given.required(0, "message")).characters());
        });
        scope.set("strftime_now", (Function)
                given -> Text.data(time(given.text(0, "format").characters())));
        globals = scope;
        run(statements, scope);
        return output.build();
    }

    private void write(Text text) {
        charge(1 + text.length() / COPIED_PER_STEP);
        if (output.length() + (long) text.length() > OUTPUT_CHARS_MAX) {
            throw new TemplateException("the template writes more than %,d characters".formatted(OUTPUT_CHARS_MAX));
        }
        output.append(text);
    }

    private Text captured(List<Statement> statements, Scope scope) {
        Text.Builder around = output;
        output = new Text.Builder();
        try {
            run(statements, scope);
            return output.build();
        } finally {
            output = around;
        }
    }

    private Flow run(List<Statement> statements, Scope scope) {
        for (Statement statement : statements) {
            charge(1);
            Flow flow = run(statement, scope);
            if (flow != Flow.ON) {
                return flow;
            }
        }
        return Flow.ON;
    }

    private Flow run(Statement statement, Scope scope) {
        switch (statement) {
            case Statement.Write(Text text) -> write(text);
            case Statement.Print(Expression value, int line) -> write(Values.text(at(line, value, scope)));
            case Statement.If(List<Statement.If.Branch> branches, List<Statement> otherwise) -> {
                for (Statement.If.Branch branch : branches) {
                    if (Values.truth(evaluate(branch.condition(), scope))) {
                        return run(branch.body(), scope);
                    }
                }
                return run(otherwise, scope);
            }
            case Statement.For loop -> runLoop(loop, scope);
            case Statement.Set(List<String> targets, Expression value, int line) ->
                assign(targets, at(line, value, scope), scope);
            case Statement.SetAttribute(String name, String attribute, Expression value, int line) -> {
                if (!(scope.get(name) instanceof Namespace namespace)) {
                    throw new TemplateException(
                            "line %d of the template: only attributes of a namespace can be set, not of %s"
                                    .formatted(line, name));
                }
                namespace.attributes().put(attribute, at(line, value, scope));
            }
            case Statement.SetBlock(String target, List<Statement> body) ->
                scope.set(target, captured(body, new Scope(scope)));
            case Statement.Macro macro -> scope.set(macro.name(), (Function) given -> call(macro, given));
            case Statement.Break() -> {
                return Flow.BREAK;
            }
            case Statement.Continue() -> {
                return Flow.CONTINUE;
            }
        }
        return Flow.ON;
    }

    private @Nullable Object at(int line, Expression value, Scope scope) {
        try {
            return evaluate(value, scope);
        } catch (ArithmeticException | ClassCastException e) {
            throw new TemplateException("line %d of the template: %s".formatted(line, e.getMessage()));
        }
    }

    private static void assign(List<String> targets, @Nullable Object value, Scope scope) {
        if (targets.size() == 1) {
            scope.set(targets.getFirst(), value);
            return;
        }
        List<@Nullable Object> elements = Values.elements(value);
        if (elements.size() != targets.size()) {
            throw new TemplateException("%d values are given to %d names".formatted(elements.size(), targets.size()));
        }
        for (int i = 0; i < targets.size(); i++) {
            scope.set(targets.get(i), elements.get(i));
        }
    }

    private void runLoop(Statement.For loop, Scope scope) {
        List<@Nullable Object> elements = Values.elements(at(loop.line(), loop.over(), scope));
        Expression condition = loop.condition();
        if (condition != null) {
            List<@Nullable Object> kept = new ArrayList<>();
            for (Object element : elements) {
                Scope round = new Scope(scope);
                assign(loop.targets(), element, round);
                if (Values.truth(evaluate(condition, round))) {
                    kept.add(element);
                }
            }
            elements = kept;
        }
        if (elements.isEmpty()) {
            run(loop.otherwise(), scope);
            return;
        }
        for (int i = 0; i < elements.size(); i++) {
            charge(1);
            Scope round = new Scope(scope);
            assign(loop.targets(), elements.get(i), round);
            round.set("loop", position(elements, i));
            if (run(loop.body(), round) == Flow.BREAK) {
                return;
            }
        }
    }

    private static Map<String, @Nullable Object> position(List<@Nullable Object> elements, int index) {
        Map<String, @Nullable Object> loop = LinkedHashMap.newLinkedHashMap(12);
        long size = elements.size();
        loop.put("index", index + 1L);
        loop.put("index0", (long) index);
        loop.put("revindex", size - index);
        loop.put("revindex0", size - index - 1);
        loop.put("first", index == 0);
        loop.put("last", index == size - 1);
        loop.put("length", size);
        loop.put("previtem", index == 0 ? new Undefined("there is no previous item") : elements.get(index - 1));
        loop.put("nextitem", index == size - 1 ? new Undefined("there is no next item") : elements.get(index + 1));
        return loop;
    }

    private Text call(Statement.Macro macro, Given given) {
        List<@Nullable Object> positional = given.positional();
        Map<String, @Nullable Object> named = given.named();
        if (++callDepth > CALL_DEPTH_MAX) {
            throw new TemplateException(
                    "the template's macro %s calls itself more than %d times".formatted(macro.name(), CALL_DEPTH_MAX));
        }
        Scope scope = new Scope(globals);
        if (positional.size() > macro.parameters().size()) {
            throw new TemplateException("the macro %s takes %d arguments, not %d"
                    .formatted(macro.name(), macro.parameters().size(), positional.size()));
        }
        int place = 0;
        for (Map.Entry<String, @Nullable Expression> parameter :
                macro.parameters().entrySet()) {
            Expression otherwise = parameter.getValue();
            Object value = place < positional.size()
                    ? positional.get(place)
                    : named.containsKey(parameter.getKey())
                            ? named.get(parameter.getKey())
                            : otherwise == null ? new Undefined(parameter.getKey()) : evaluate(otherwise, scope);
            scope.set(parameter.getKey(), value);
            place++;
        }
        Text text = captured(macro.body(), scope);
        callDepth--;
        return text;
    }

    private @Nullable Object evaluate(Expression expression, Scope scope) {
        charge(1);
        return switch (expression) {
            case Expression.Literal(Object value) -> value;
            case Expression.Name(String name) -> scope.get(name);
            case Expression.ListOf(List<Expression> elements, boolean tuple) -> {
                List<@Nullable Object> list = new ArrayList<>();
                elements.forEach(element -> list.add(evaluate(element, scope)));
                yield tuple ? new Values.Tuple(list) : list;
            }
            case Expression.MapOf(List<Map.Entry<Expression, Expression>> entries) -> {
                Map<String, @Nullable Object> map = new LinkedHashMap<>();
                entries.forEach(entry -> map.put(
                        Values.text(evaluate(entry.getKey(), scope)).characters(), evaluate(entry.getValue(), scope)));
                yield map;
            }
            case Expression.Attribute(Expression of, String name) -> attribute(evaluate(of, scope), name);
            case Expression.Item(Expression of, Expression key) -> item(evaluate(of, scope), evaluate(key, scope));
            case Expression.Slice slice -> slice(slice, scope);
            case Expression.Call(Expression function, Expression.Arguments arguments) -> {
                Object called = evaluate(function, scope);
                if (!(called instanceof Function callable)) {
                    throw new TemplateException("%s cannot be called".formatted(Values.kind(called)));
                }
                yield callable.call(given(arguments, scope));
            }
            case Expression.Filter(Expression of, String name, Expression.Arguments arguments) -> {
                Object value = evaluate(of, scope);
                chargeSize(value);
                yield Builtins.filter(this, value, name, given(arguments, scope));
            }
            case Expression.Test(Expression of, String name, Expression.Arguments arguments) ->
                Builtins.test(evaluate(of, scope), name, given(arguments, scope));
            case Expression.Not(Expression of) -> !Values.truth(evaluate(of, scope));
            case Expression.Negative(Expression of) -> {
                Object value = evaluate(of, scope);
                yield value instanceof Double real
                        ? (Object) (-real)
                        : (Object) Math.negateExact((long) Values.whole(value));
            }
            case Expression.And(Expression left, Expression right) -> {
                Object value = evaluate(left, scope);
                yield Values.truth(value) ? evaluate(right, scope) : value;
            }
            case Expression.Or(Expression left, Expression right) -> {
                Object value = evaluate(left, scope);
                yield Values.truth(value) ? value : evaluate(right, scope);
            }
            case Expression.Arithmetic(String operator, Expression left, Expression right) ->
                arithmetic(operator, evaluate(left, scope), evaluate(right, scope));
            case Expression.Comparison comparison -> compare(comparison, scope);
            case Expression.Conditional(Expression condition, Expression then, Expression otherwise) -> {
                if (Values.truth(evaluate(condition, scope))) {
                    yield evaluate(then, scope);
                }
                yield otherwise == null ? new Undefined("a condition without else") : evaluate(otherwise, scope);
            }
        };
    }

    private void chargeSize(@Nullable Object value) {
        if (value instanceof Text text) {
            charge(text.length() / COPIED_PER_STEP);
        } else if (value instanceof List || value instanceof Map) {
            charge(Values.size(value));
        }
    }

    private Given given(Expression.Arguments arguments, Scope scope) {
        List<@Nullable Object> positional = new ArrayList<>();
        arguments.positional().forEach(argument -> positional.add(evaluate(argument, scope)));
        Map<String, @Nullable Object> named = new LinkedHashMap<>();
        arguments.named().forEach((name, argument) -> named.put(name, evaluate(argument, scope)));
        return new Given(positional, named);
    }

    private @Nullable Object attribute(@Nullable Object value, String name) {
        if (Builtins.hasMethod(value, name)) {
            return (Function) given -> {
                chargeSize(value);
                return Builtins.method(value, name, given);
            };
        }
        return switch (value) {
            case Map<?, ?> map when map.containsKey(name) -> map.get(name);
            case Namespace(Map<String, @Nullable Object> attributes)
            when attributes.containsKey(name) -> attributes.get(name);
            case Undefined undefined -> throw absent(undefined, name);
            case null, default -> new Undefined(name);
        };
    }

    private static TemplateException absent(Undefined undefined, Object key) {
        return new TemplateException("'%s' is undefined, so it has no '%s'".formatted(undefined.what(), key));
    }

    @Nullable
    Object item(@Nullable Object value, @Nullable Object key) {
        return switch (value) {
            case Undefined undefined -> throw absent(undefined, String.valueOf(key));
            case Map<?, ?> map
            when key instanceof Text name ->
                map.containsKey(name.characters()) ? map.get(name.characters()) : attribute(value, name.characters());
            case List<?> list
            when key instanceof Long -> {
                int index = Values.whole(key);
                int place = index < 0 ? index + list.size() : index;
                yield place >= 0 && place < list.size() ? list.get(place) : new Undefined("item " + index);
            }
            case Text text
            when key instanceof Long -> {
                List<@Nullable Object> characters = Values.elements(text);
                chargeSize(text);
                int index = Values.whole(key);
                int place = index < 0 ? index + characters.size() : index;
                yield place >= 0 && place < characters.size() ? characters.get(place) : new Undefined("item " + index);
            }
            case null, default ->
                key instanceof Text name ? attribute(value, name.characters()) : new Undefined("item " + key);
        };
    }

    private @Nullable Object slice(Expression.Slice slice, Scope scope) {
        Object of = evaluate(slice.of(), scope);
        chargeSize(of);
        int size = Values.size(of);
        int step = bound(slice.step(), 1, scope);
        if (step == 0) {
            throw new TemplateException("a slice has the step 0");
        }
        int start = placed(bound(slice.start(), step > 0 ? 0 : Integer.MAX_VALUE, scope), size, step);
        int end = slice.end() == null ? (step > 0 ? size : -1) : placed(bound(slice.end(), 0, scope), size, step);
        if (of instanceof Text text && step == 1) {
            int from = text.characters().offsetByCodePoints(0, start);
            int to = end <= start ? from : text.characters().offsetByCodePoints(from, end - start);
            return text.slice(from, to);
        }
        List<@Nullable Object> elements = Values.elements(of);
        List<@Nullable Object> part = new ArrayList<>();
        for (long i = start; step > 0 ? i < end : i > end; i += step) {
            part.add(elements.get((int) i));
        }
        return of instanceof Text ? Strings.join(Text.EMPTY, part) : part;
    }

    private int bound(@Nullable Expression expression, int otherwise, Scope scope) {
        Object value = expression == null ? null : evaluate(expression, scope);
        return value == null ? otherwise : Values.whole(value);
    }

    private static int placed(int index, int size, int step) {
        int place = index < 0 ? Math.max(index + size, step > 0 ? 0 : -1) : index;
        return Math.min(place, step > 0 ? size : size - 1);
    }

    private boolean compare(Expression.Comparison comparison, Scope scope) {
        Object left = evaluate(comparison.first(), scope);
        for (Expression.Comparison.Step step : comparison.steps()) {
            Object right = evaluate(step.right(), scope);
            chargeSize(right);
            boolean holds = switch (step.operator()) {
                case "==" -> Values.equal(left, right);
                case "!=" -> !Values.equal(left, right);
                case "in" -> Values.contains(right, left);
                case "not in" -> !Values.contains(right, left);
                case "<" -> Values.compare(left, right) < 0;
                case "<=" -> Values.compare(left, right) <= 0;
                case ">" -> Values.compare(left, right) > 0;
                default -> Values.compare(left, right) >= 0;
            };
            if (!holds) {
                return false;
            }
            left = right;
        }
        return true;
    }

    private Object arithmetic(String operator, @Nullable Object left, @Nullable Object right) {
        if (operator.equals("~")) {
            return joined(Values.text(left), Values.text(right));
        }
        if (operator.equals("+") && left instanceof Text one && right instanceof Text other) {
            return joined(one, other);
        }
        if (operator.equals("+") && left instanceof List<?> one && right instanceof List<?> other) {
            charge((long) one.size() + other.size());
            List<@Nullable Object> both = new ArrayList<>(one);
            both.addAll(other);
            return both;
        }
        if (operator.equals("*") && left instanceof Text text) {
            int times = Math.max(0, Values.whole(right));
            checkLength((long) text.length() * times);
            return text.like(text.characters().repeat(times));
        }
        if (left instanceof Undefined(String what)) {
            throw new TemplateException("'%s' is undefined".formatted(what));
        }
        if (right instanceof Undefined(String what)) {
            throw new TemplateException("'%s' is undefined".formatted(what));
        }
        if (!Values.isNumber(left) || !Values.isNumber(right)) {
            throw new TemplateException(
                    "%s %s %s has no meaning".formatted(Values.kind(left), operator, Values.kind(right)));
        }
        if (left instanceof Double || right instanceof Double || operator.equals("/")) {
            return real(
                    operator,
                    Values.number(left).doubleValue(),
                    Values.number(right).doubleValue());
        }
        return integer(operator, whole(left), whole(right));
    }

    private static long whole(@Nullable Object value) {
        try {
            return Values.number(value).longValueExact();
        } catch (ArithmeticException e) {
            throw new TemplateException("%s is too large to reckon with".formatted(PythonText.repr(value)));
        }
    }

    private Text joined(Text left, Text right) {
        checkLength((long) left.length() + right.length());
        return left.plus(right);
    }

    private void checkLength(long length) {
        charge(length / COPIED_PER_STEP);
        if (length > OUTPUT_CHARS_MAX) {
            throw new TemplateException(
                    "the template makes a text of more than %,d characters".formatted(OUTPUT_CHARS_MAX));
        }
    }

    private static Object real(String operator, double left, double right) {
        if (right == 0 && !operator.equals("+") && !operator.equals("-") && !operator.equals("*")) {
            throw new TemplateException("the template divides by 0");
        }
        return switch (operator) {
            case "+" -> left + right;
            case "-" -> left - right;
            case "*" -> left * right;
            case "/" -> left / right;
            case "//" -> Math.floor(left / right);
            case "%" -> left - right * Math.floor(left / right);
            default -> Math.pow(left, right);
        };
    }

    private static Object integer(String operator, long left, long right) {
        if (right == 0 && (operator.equals("//") || operator.equals("%"))) {
            throw new TemplateException("the template divides by 0");
        }
        return switch (operator) {
            case "+" -> Math.addExact(left, right);
            case "-" -> Math.subtractExact(left, right);
            case "*" -> Math.multiplyExact(left, right);
            case "//" -> Math.floorDiv(left, right);
            case "%" -> Math.floorMod(left, right);
            default -> {
                if (right < 0 || right > 64) {
                    throw new TemplateException("%d ** %d is not reckoned".formatted(left, right));
                }
                yield BigDecimal.valueOf(left).pow((int) right).longValueExact();
            }
        };
    }

    private static List<@Nullable Object> range(List<@Nullable Object> arguments) {
        if (arguments.isEmpty() || arguments.size() > 3) {
            throw new TemplateException("range takes 1 to 3 numbers, not %d".formatted(arguments.size()));
        }
        int start = arguments.size() == 1 ? 0 : Values.whole(arguments.get(0));
        int end = Values.whole(arguments.get(arguments.size() == 1 ? 0 : 1));
        int step = arguments.size() == 3 ? Values.whole(arguments.get(2)) : 1;
        if (step == 0) {
            throw new TemplateException("range has the step 0");
        }
        List<@Nullable Object> numbers = new ArrayList<>();
        for (long number = start; step > 0 ? number < end : number > end; number += step) {
            if (numbers.size() == RANGE_MAX) {
                throw new TemplateException("range has more than %,d numbers".formatted(RANGE_MAX));
            }
            numbers.add(number);
        }
        return numbers;
    }

    private String time(String format) {
        LocalDateTime now = LocalDateTime.now(clock);
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < format.length(); i++) {
            char character = format.charAt(i);
            if (character != '%' || i + 1 == format.length()) {
                text.append(character);
                continue;
            }
            String pattern = switch (format.charAt(++i)) {
                case 'Y' -> "uuuu";
                case 'y' -> "uu";
                case 'm' -> "MM";
                case 'd' -> "dd";
                case 'B' -> "MMMM";
                case 'b' -> "MMM";
                case 'A' -> "EEEE";
                case 'a' -> "EEE";
                case 'H' -> "HH";
                case 'I' -> "hh";
                case 'M' -> "mm";
                case 'S' -> "ss";
                case 'p' -> "a";
                case 'j' -> "DDD";
                case '%' -> "'%'";
                default -> throw new TemplateException("strftime_now does not know %%%s".formatted(format.charAt(i)));
            };
            text.append(DateTimeFormatter.ofPattern(pattern, Locale.ENGLISH).format(now));
        }
        return text.toString();
    }
}
