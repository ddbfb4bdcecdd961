package dev.guildhall.engine.template;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Variables that can be seen from a place. A loop's body sees those around it; what it sets is gone after each round. */
final class Scope {

    private final @Nullable Scope around;
    private final Map<String, @Nullable Object> variables = new HashMap<>();

    Scope(@Nullable Scope around) {
        this.around = around;
    }

    void set(String name, @Nullable Object value) {
        variables.put(name, value);
    }

    @Nullable
    Object get(String name) {
        for (Scope scope = this; scope != null; scope = scope.around) {
            if (scope.variables.containsKey(name)) {
                return scope.variables.get(name);
            }
        }
        return new Values.Undefined(name);
    }
}
