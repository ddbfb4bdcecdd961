package dev.guildhall.engine.template;

import dev.guildhall.engine.template.PythonText.JsonStyle;
import dev.guildhall.engine.template.Values.Undefined;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The filters, tests and methods that chat templates use. None changes a value. */
final class Builtins {

    private static final Set<String> MAP_METHODS = Set.of("get", "items", "keys", "values");
    private static final Set<String> TEXT_METHODS = Set.of(
            "strip",
            "lstrip",
            "rstrip",
            "split",
            "rsplit",
            "startswith",
            "endswith",
            "upper",
            "lower",
            "title",
            "capitalize",
            "replace",
            "find",
            "count",
            "join",
            "splitlines",
            "removeprefix",
            "removesuffix",
            "isdigit");

    private Builtins() {}

    static boolean hasMethod(@Nullable Object value, String name) {
        return (value instanceof Map && MAP_METHODS.contains(name))
                || (value instanceof Text && TEXT_METHODS.contains(name));
    }

    /** Arguments by place or by name. */
    record Given(List<@Nullable Object> positional, Map<String, @Nullable Object> named) {

        boolean has(int place, String name) {
            return place < positional.size() || named.containsKey(name);
        }

        @Nullable
        Object get(int place, String name, @Nullable Object otherwise) {
            return place < positional.size() ? positional.get(place) : named.getOrDefault(name, otherwise);
        }

        @Nullable
        Object required(int place, String name) {
            if (!has(place, name)) {
                throw new TemplateException("the argument %s is missing".formatted(name));
            }
            return get(place, name, null);
        }

        Text text(int place, String name) {
            if (required(place, name) instanceof Text text) {
                return text;
            }
            throw new TemplateException("the argument %s is no string".formatted(name));
        }

        Given from(int place) {
            return new Given(positional.subList(Math.min(place, positional.size()), positional.size()), named);
        }
    }

    static @Nullable Object method(@Nullable Object value, String name, Given given) {
        return value instanceof Map<?, ?> map
                ? mapMethod(map, name, given)
                : textMethod((Text) Objects.requireNonNull(value), name, given);
    }

    private static @Nullable Object mapMethod(Map<?, ?> map, String name, Given given) {
        return switch (name) {
            case "get" -> {
                String key = String.valueOf(given.required(0, "key"));
                yield map.containsKey(key) ? map.get(key) : given.get(1, "default", null);
            }
            case "items" -> items(map);
            case "keys" -> Values.elements(map);
            default -> new ArrayList<@Nullable Object>(map.values());
        };
    }

    private static List<@Nullable Object> items(Map<?, ?> map) {
        List<@Nullable Object> items = new ArrayList<>();
        for (Map.Entry<?, ?> entry : map.entrySet()) {
            List<@Nullable Object> pair = new ArrayList<>();
            pair.add(Text.data(String.valueOf(entry.getKey())));
            pair.add(entry.getValue());
            items.add(new Values.Tuple(pair));
        }
        return items;
    }

    private static Object textMethod(Text text, String name, Given given) {
        String characters = text.characters();
        return switch (name) {
            case "strip" -> Strings.strip(text, stripped(given), true, true);
            case "lstrip" -> Strings.strip(text, stripped(given), true, false);
            case "rstrip" -> Strings.strip(text, stripped(given), false, true);
            case "split", "rsplit" ->
                Strings.split(
                        text,
                        given.get(0, "sep", null) instanceof Text separator ? separator.characters() : null,
                        Values.whole(given.get(1, "maxsplit", -1L)),
                        name.equals("rsplit"));
            case "splitlines" -> Strings.lines(text);
            case "startswith" -> parts(given).stream().anyMatch(characters::startsWith);
            case "endswith" -> parts(given).stream().anyMatch(characters::endsWith);
            case "upper" -> text.like(characters.toUpperCase(Locale.ROOT));
            case "lower" -> text.like(characters.toLowerCase(Locale.ROOT));
            case "title" -> text.like(Strings.title(characters));
            case "capitalize" -> text.like(Strings.capitalized(characters));
            case "replace" ->
                Strings.replace(
                        text,
                        given.text(0, "old").characters(),
                        given.text(1, "new"),
                        Values.whole(given.get(2, "count", -1L)));
            case "find" -> {
                int at = characters.indexOf(given.text(0, "sub").characters());
                yield (long) (at < 0 ? at : characters.codePointCount(0, at));
            }
            case "count" ->
                (long) Strings.count(characters, given.text(0, "sub").characters());
            case "join" -> Strings.join(text, Values.elements(given.required(0, "iterable")));
            case "removeprefix" -> {
                String prefix = given.text(0, "prefix").characters();
                yield characters.startsWith(prefix) ? text.slice(prefix.length(), text.length()) : text;
            }
            case "removesuffix" -> {
                String suffix = given.text(0, "suffix").characters();
                yield characters.endsWith(suffix) ? text.slice(0, text.length() - suffix.length()) : text;
            }
            default -> !characters.isEmpty() && characters.chars().allMatch(Character::isDigit);
        };
    }

    private static @Nullable String stripped(Given given) {
        return given.get(0, "chars", null) instanceof Text characters ? characters.characters() : null;
    }

    private static List<String> parts(Given given) {
        return given.required(0, "prefix") instanceof List<?> list
                ? list.stream().map(String::valueOf).toList()
                : List.of(given.text(0, "prefix").characters());
    }

    static @Nullable Object filter(Renderer renderer, @Nullable Object value, String name, Given given) {
        return switch (name) {
            case "trim" -> Strings.strip(Values.text(value), stripped(given), true, true);
            case "upper", "lower", "title", "capitalize", "replace" -> textMethod(Values.text(value), name, given);
            case "length", "count" -> (long) Values.size(value);
            case "string" -> Values.text(value);
            case "safe" -> value;
            case "int" -> toInteger(value, given);
            case "float" -> toReal(value, given);
            case "list" -> Values.elements(value);
            case "items" -> {
                if (value instanceof Undefined) {
                    yield List.of();
                }
                yield items(map(value));
            }
            case "dictsort" -> {
                List<@Nullable Object> items = items(map(value));
                items.sort(Comparator.comparing(
                        item -> String.valueOf(Values.elements(item).getFirst())));
                yield items;
            }
            case "tojson" -> Text.data(PythonText.json(value, jsonStyle(given)));
            case "default", "d" -> {
                boolean absent = value instanceof Undefined
                        || (Values.truth(given.get(1, "boolean", false)) && !Values.truth(value));
                yield absent ? given.get(0, "default_value", Text.EMPTY) : value;
            }
            case "join" ->
                Strings.join(
                        Values.text(given.get(0, "d", Text.EMPTY)),
                        given.has(1, "attribute")
                                ? each(renderer, value, item -> renderer.item(item, given.get(1, "attribute", null)))
                                : Values.elements(value));
            case "first" -> {
                List<@Nullable Object> elements = Values.elements(value);
                yield elements.isEmpty() ? new Undefined("first of nothing") : elements.getFirst();
            }
            case "last" -> {
                List<@Nullable Object> elements = Values.elements(value);
                yield elements.isEmpty() ? new Undefined("last of nothing") : elements.getLast();
            }
            case "reverse" ->
                value instanceof Text text
                        ? text.like(
                                new StringBuilder(text.characters()).reverse().toString())
                        : Values.elements(value).reversed();
            case "sort" -> {
                List<@Nullable Object> elements = Values.elements(value);
                elements.sort(Values::compare);
                yield Values.truth(given.get(0, "reverse", false)) ? elements.reversed() : elements;
            }
            case "unique" -> {
                List<@Nullable Object> unique = new ArrayList<>();
                for (Object element : Values.elements(value)) {
                    if (unique.stream().noneMatch(one -> Values.equal(one, element))) {
                        unique.add(element);
                    }
                }
                yield unique;
            }
            case "select" -> select(renderer, value, null, given, true);
            case "reject" -> select(renderer, value, null, given, false);
            case "selectattr" -> select(renderer, value, given.text(0, "attribute"), given.from(1), true);
            case "rejectattr" -> select(renderer, value, given.text(0, "attribute"), given.from(1), false);
            case "map" ->
                given.named().containsKey("attribute")
                        ? each(renderer, value, item -> {
                            Object attribute = renderer.item(item, given.named().get("attribute"));
                            return attribute instanceof Undefined
                                    ? given.named().getOrDefault("default", attribute)
                                    : attribute;
                        })
                        : each(
                                renderer,
                                value,
                                item -> filter(
                                        renderer, item, given.text(0, "filter").characters(), given.from(1)));
            case "indent" ->
                Strings.indent(
                        Values.text(value), given.get(0, "width", 4L), Values.truth(given.get(1, "first", false)));
            case "abs" -> Values.whole(value) < 0 ? (Object) (long) -Values.whole(value) : value;
            case "e", "escape" -> Text.data(Strings.escaped(Values.text(value).characters()));
            default -> throw new TemplateException("the filter %s is unknown".formatted(name));
        };
    }

    private interface Change {
        @Nullable
        Object of(@Nullable Object item);
    }

    private static List<@Nullable Object> each(Renderer renderer, @Nullable Object value, Change change) {
        List<@Nullable Object> changed = new ArrayList<>();
        for (Object item : Values.elements(value)) {
            renderer.charge(1);
            changed.add(change.of(item));
        }
        return changed;
    }

    private static List<@Nullable Object> select(
            Renderer renderer, @Nullable Object value, @Nullable Text attribute, Given given, boolean wanted) {
        List<@Nullable Object> selected = new ArrayList<>();
        for (Object item : Values.elements(value)) {
            renderer.charge(1);
            Object tested = attribute == null ? item : renderer.item(item, attribute);
            boolean passes = given.positional().isEmpty()
                    ? Values.truth(tested)
                    : test(tested, given.text(0, "test").characters(), given.from(1));
            if (passes == wanted) {
                selected.add(item);
            }
        }
        return selected;
    }

    private static Map<?, ?> map(@Nullable Object value) {
        if (value instanceof Map<?, ?> map) {
            return map;
        }
        throw new TemplateException("%s is no mapping".formatted(Values.kind(value)));
    }

    private static JsonStyle jsonStyle(Given given) {
        Object indent = given.get(1, "indent", null);
        int spaces = indent == null ? -1 : Math.clamp(Values.whole(indent), 0, 32);
        Object separators = given.get(2, "separators", null);
        String item = spaces >= 0 ? "," : ", ";
        String key = ": ";
        if (separators instanceof List<?> list && list.size() == 2) {
            item = String.valueOf(list.get(0));
            key = String.valueOf(list.get(1));
        }
        return new JsonStyle(
                spaces,
                item,
                key,
                Values.truth(given.get(3, "sort_keys", false)),
                Values.truth(given.get(0, "ensure_ascii", false)));
    }

    private static @Nullable Object toInteger(@Nullable Object value, Given given) {
        try {
            return value instanceof Text text
                    ? (Object) Long.parseLong(text.characters().strip())
                    : (Object) Values.number(value).longValue();
        } catch (NumberFormatException | TemplateException e) {
            return given.get(0, "default", 0L);
        }
    }

    private static @Nullable Object toReal(@Nullable Object value, Given given) {
        try {
            return value instanceof Text text
                    ? Double.parseDouble(text.characters().strip())
                    : Values.number(value).doubleValue();
        } catch (NumberFormatException | TemplateException e) {
            return given.get(0, "default", 0.0);
        }
    }

    static boolean test(@Nullable Object value, String name, Given given) {
        return switch (name) {
            case "defined" -> !(value instanceof Undefined);
            case "undefined" -> value instanceof Undefined;
            case "none" -> value == null;
            case "string" -> value instanceof Text;
            case "mapping" -> value instanceof Map;
            case "sequence" -> value instanceof Text || value instanceof List || value instanceof Map;
            case "iterable" ->
                value instanceof Text || value instanceof List || value instanceof Map || value instanceof Undefined;
            case "number" -> Values.isNumber(value);
            case "integer" -> value instanceof Number && !(value instanceof Double);
            case "float" -> value instanceof Double;
            case "boolean" -> value instanceof Boolean;
            case "true" -> Boolean.TRUE.equals(value);
            case "false" -> Boolean.FALSE.equals(value);
            case "callable" -> value instanceof Values.Function;
            case "odd" -> Math.floorMod(Values.whole(value), 2) == 1;
            case "even" -> Math.floorMod(Values.whole(value), 2) == 0;
            case "divisibleby" -> Values.whole(value) % Values.whole(given.required(0, "num")) == 0;
            case "eq", "equalto", "==" -> Values.equal(value, given.required(0, "other"));
            case "ne", "!=" -> !Values.equal(value, given.required(0, "other"));
            case "lt", "lessthan", "<" -> Values.compare(value, given.required(0, "other")) < 0;
            case "le", "<=" -> Values.compare(value, given.required(0, "other")) <= 0;
            case "gt", "greaterthan", ">" -> Values.compare(value, given.required(0, "other")) > 0;
            case "ge", ">=" -> Values.compare(value, given.required(0, "other")) >= 0;
            case "in" -> Values.contains(given.required(0, "seq"), value);
            default -> throw new TemplateException("the test %s is unknown".formatted(name));
        };
    }
}
