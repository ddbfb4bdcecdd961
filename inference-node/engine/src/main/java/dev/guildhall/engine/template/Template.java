package dev.guildhall.engine.template;

import java.time.Clock;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A template that was read. Safe for use by many threads. */
public final class Template {

    private final List<Statement> statements;

    private Template(List<Statement> statements) {
        this.statements = statements;
    }

    /** @throws TemplateException naming the line and what is wrong there */
    public static Template parse(String source) {
        return new Template(Parser.parse(source));
    }

    /**
     * Writes the template with these variables, which are strings, numbers, flags, lists and maps.
     *
     * @param own texts that count as the template's
     * @param clock for templates that tell the model the date
     * @throws TemplateException when the template refuses the variables, or takes too long or writes too much
     */
    public Text render(Map<String, ? extends @Nullable Object> variables, Map<String, String> own, Clock clock) {
        Renderer renderer = new Renderer(clock);
        Scope scope = new Scope(null);
        variables.forEach((name, value) -> scope.set(name, Values.of(value, 0)));
        own.forEach((name, text) -> scope.set(name, Text.literal(text)));
        try {
            return renderer.render(statements, scope);
        } catch (StackOverflowError e) {
            throw new TemplateException("the template nests too deep to be rendered");
        }
    }
}
