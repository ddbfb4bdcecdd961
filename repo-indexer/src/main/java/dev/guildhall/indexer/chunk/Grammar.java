package dev.guildhall.indexer.chunk;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.treesitter.TSLanguage;
import org.treesitter.TreeSitterGo;
import org.treesitter.TreeSitterJava;
import org.treesitter.TreeSitterJavascript;
import org.treesitter.TreeSitterPython;
import org.treesitter.TreeSitterTypescript;

/** What a language calls the nodes that matter here; everything else about chunks is the same for all languages. */
@SuppressWarnings("ImmutableEnumChecker") // The maps and sets are made by Map.of and Set.of.
enum Grammar {
    JAVA(
            TreeSitterJava::new,
            Map.ofEntries(
                    Map.entry("class_declaration", "class"),
                    Map.entry("interface_declaration", "interface"),
                    Map.entry("enum_declaration", "enum"),
                    Map.entry("record_declaration", "record"),
                    Map.entry("annotation_type_declaration", "annotation"),
                    Map.entry("method_declaration", "method"),
                    Map.entry("constructor_declaration", "constructor"),
                    Map.entry("compact_constructor_declaration", "constructor"),
                    Map.entry("annotation_type_element_declaration", "method"),
                    Map.entry("field_declaration", "field"),
                    Map.entry("constant_declaration", "field"),
                    Map.entry("enum_constant", "constant")),
            Set.of("package_declaration", "import_declaration")),
    PYTHON(
            TreeSitterPython::new,
            Map.of("class_definition", "class", "function_definition", "function", "assignment", "variable"),
            Set.of("import_statement", "import_from_statement", "future_import_statement")),
    JAVASCRIPT(TreeSitterJavascript::new, ecmaScriptKinds(), Set.of("import_statement")),
    TYPESCRIPT(TreeSitterTypescript::new, ecmaScriptKinds(), Set.of("import_statement")),
    GO(
            TreeSitterGo::new,
            Map.of(
                    "function_declaration", "function",
                    "method_declaration", "method",
                    "method_elem", "method",
                    "type_spec", "type",
                    "type_alias", "type",
                    "const_spec", "constant",
                    "var_spec", "variable"),
            Set.of("package_clause", "import_declaration"));

    /** Kinds that hold members of their own, which may become chunks. */
    static final Set<String> CONTAINER_KINDS =
            Set.of("class", "interface", "enum", "record", "annotation", "namespace");

    /** Kinds with a body of statements: never joined with their neighbours unless tiny. */
    static final Set<String> FUNCTION_KINDS = Set.of("function", "method", "constructor");

    private static final Set<String> FUNCTION_VALUES =
            Set.of("arrow_function", "function_expression", "function", "generator_function");

    private final Supplier<TSLanguage> language;
    private final Map<String, String> kinds;
    private final Set<String> preamble;

    Grammar(Supplier<TSLanguage> language, Map<String, String> kinds, Set<String> preamble) {
        this.language = language;
        this.kinds = kinds;
        this.preamble = preamble;
    }

    /** The grammars that may fit a language, the likeliest first; none where only text can be seen. */
    static List<Grammar> of(String languageName) {
        return switch (languageName) {
            case "java" -> List.of(JAVA);
            case "python" -> List.of(PYTHON);
            case "javascript", "jsx" -> List.of(JAVASCRIPT);
            case "typescript" -> List.of(TYPESCRIPT);
            // There is no grammar of its own for TypeScript with markup: the one that understands more of a file wins.
            case "tsx" -> List.of(TYPESCRIPT, JAVASCRIPT);
            case "go" -> List.of(GO);
            default -> List.of();
        };
    }

    TSLanguage newLanguage() {
        return language.get();
    }

    boolean isPreamble(SyntaxNode node) {
        return preamble.contains(node.type());
    }

    /** The names that {@code node} itself defines, not those inside it; empty when it is no definition. */
    List<Named> names(SyntaxNode node, String source) {
        String kind = kinds.get(node.type());
        if (kind == null) {
            return List.of();
        }
        if (this == JAVA && kind.equals("field")) {
            return node.children().stream()
                    .filter(child -> child.type().equals("variable_declarator"))
                    .flatMap(child -> child.child("name").stream())
                    .map(name -> new Named(name.text(source), kind))
                    .toList();
        }
        if (this == PYTHON && kind.equals("variable")) {
            return node.child("left")
                    .filter(left -> left.type().equals("identifier"))
                    .map(left -> List.of(new Named(left.text(source), kind)))
                    .orElse(List.of());
        }
        if (this == GO && (kind.equals("constant") || kind.equals("variable"))) {
            return node.children().stream()
                    .filter(child -> "name".equals(child.field()))
                    .map(name -> new Named(name.text(source), kind))
                    .toList();
        }
        // A field of a JavaScript class has a "property" instead of a "name".
        Optional<SyntaxNode> name =
                node.child("name").or(() -> node.child("property")).filter(Grammar::isPlainName);
        if (name.isEmpty()) {
            return List.of();
        }
        String text = name.get().text(source);
        return List.of(
                switch (node.type()) {
                    case "variable_declarator" -> new Named(text, kindOfValue(node));
                    case "type_spec" -> new Named(text, kindOfGoType(node));
                    case "method_declaration" -> this == GO ? goMethod(node, text, source) : new Named(text, kind);
                    default -> new Named(text, kind);
                });
    }

    /** The node that holds the members of a container, or the statements of a function. */
    static Optional<SyntaxNode> body(SyntaxNode node) {
        return node.child("body").or(() -> node.child("value").flatMap(value -> value.child("body")));
    }

    /** The members of a container's body, seen through the nodes that only group them. */
    static List<SyntaxNode> members(SyntaxNode body) {
        List<SyntaxNode> members = new ArrayList<>();
        for (SyntaxNode child : body.children()) {
            if (child.type().equals("enum_body_declarations")) {
                members.addAll(child.children());
            } else {
                members.add(child);
            }
        }
        return members;
    }

    /** Whether {@code node} is a function without a name of its own: what it declares is local all the same. */
    static boolean isFunctionValue(SyntaxNode node) {
        return FUNCTION_VALUES.contains(node.type());
    }

    static boolean isIdentifier(SyntaxNode node) {
        return node.children().isEmpty() && node.type().endsWith("identifier");
    }

    private static boolean isPlainName(SyntaxNode node) {
        return node.children().isEmpty() || node.type().equals("nested_identifier");
    }

    private static String kindOfValue(SyntaxNode declarator) {
        return declarator
                .child("value")
                .map(SyntaxNode::type)
                .map(type -> FUNCTION_VALUES.contains(type) ? "function" : type.equals("class") ? "class" : "variable")
                .orElse("variable");
    }

    private static String kindOfGoType(SyntaxNode typeSpec) {
        return typeSpec.child("type")
                .map(SyntaxNode::type)
                .map(type -> switch (type) {
                    case "struct_type" -> "struct";
                    case "interface_type" -> "interface";
                    default -> "type";
                })
                .orElse("type");
    }

    private static Named goMethod(SyntaxNode method, String name, String source) {
        return method.child("receiver")
                .flatMap(receiver -> firstOfType(receiver, "type_identifier"))
                .map(type -> new Named(name, type.text(source) + "." + name, "method"))
                .orElse(new Named(name, "method"));
    }

    private static Optional<SyntaxNode> firstOfType(SyntaxNode node, String type) {
        if (node.type().equals(type)) {
            return Optional.of(node);
        }
        return node.children().stream()
                .flatMap(child -> firstOfType(child, type).stream())
                .findFirst();
    }

    private static Map<String, String> ecmaScriptKinds() {
        return Map.ofEntries(
                Map.entry("class_declaration", "class"),
                Map.entry("abstract_class_declaration", "class"),
                Map.entry("interface_declaration", "interface"),
                Map.entry("enum_declaration", "enum"),
                Map.entry("type_alias_declaration", "type"),
                Map.entry("internal_module", "namespace"),
                Map.entry("module", "namespace"),
                Map.entry("function_declaration", "function"),
                Map.entry("generator_function_declaration", "function"),
                Map.entry("function_signature", "function"),
                Map.entry("method_definition", "method"),
                Map.entry("method_signature", "method"),
                Map.entry("abstract_method_signature", "method"),
                Map.entry("field_definition", "field"),
                Map.entry("public_field_definition", "field"),
                Map.entry("property_signature", "field"),
                Map.entry("variable_declarator", "variable"));
    }

    /** @param path the name with what it hangs on in the language itself, such as a Go method's receiver */
    record Named(String name, String path, String kind) {

        Named(String name, String kind) {
            this(name, name, kind);
        }
    }
}
