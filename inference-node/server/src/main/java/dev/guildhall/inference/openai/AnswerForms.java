package dev.guildhall.inference.openai;

import dev.guildhall.engine.generation.LanguageModel;
import dev.guildhall.engine.generation.grammar.SchemaException;
import dev.guildhall.engine.generation.grammar.TokenConstraint;
import dev.guildhall.inference.problem.ApiException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * The form that an answer is asked to have: {@code response_format} as OpenAI has it, with regex and choice added, or
 * vLLM's {@code structured_outputs} and {@code guided_…}.
 */
final class AnswerForms {

    private static final int CHOICES_MAX = 1_000;

    private final LanguageModel model;

    private AnswerForms(LanguageModel model) {
        this.model = model;
    }

    /** Null for any form. */
    static @Nullable TokenConstraint constraint(Fields fields, LanguageModel model) {
        AnswerForms forms = new AnswerForms(model);
        List<String> asked = new ArrayList<>();
        List<TokenConstraint> constraints = new ArrayList<>();
        fields.object("response_format").flatMap(forms::responseFormat).ifPresent(constraint -> {
            asked.add("response_format");
            constraints.add(constraint);
        });
        fields.object("structured_outputs").ifPresent(outputs -> {
            for (String kind : List.of("json", "json_object", "regex", "choice")) {
                forms.vllm(outputs, kind, kind).ifPresent(constraint -> {
                    asked.add("structured_outputs." + kind);
                    constraints.add(constraint);
                });
            }
            outputs.refuse("grammar", "is not supported; say it as json, regex or choice");
            outputs.refuse("structural_tag", "is not supported; say it as json, regex or choice");
        });
        for (String kind : List.of("json", "regex", "choice")) {
            forms.vllm(fields, kind, "guided_" + kind).ifPresent(constraint -> {
                asked.add("guided_" + kind);
                constraints.add(constraint);
            });
        }
        fields.refuse("guided_grammar", "is not supported; use guided_json, guided_regex or guided_choice");
        if (constraints.size() > 1) {
            throw ApiException.badRequest(
                    "value-invalid", asked.get(1), "%s exclude each other".formatted(String.join(" and ", asked)));
        }
        return constraints.isEmpty() ? null : constraints.getFirst();
    }

    private Optional<TokenConstraint> responseFormat(Fields format) {
        return switch (format.oneOf("type", Set.of("text", "json_object", "json_schema", "regex", "choice"), "text")) {
            case "json_object" -> Optional.of(model.jsonObject());
            case "json_schema" -> {
                Fields inner = format.object("json_schema")
                        .orElseThrow(() -> format.refusal("json_schema", "an object with name and schema"));
                JsonNode schema = inner.find("schema");
                if (schema == null) {
                    throw inner.refusal("schema", "a JSON schema");
                }
                yield Optional.of(jsonSchema(schema.toString(), "response_format.json_schema.schema"));
            }
            case "regex" ->
                Optional.of(vllm(format, "regex", "pattern")
                        .orElseThrow(() -> format.refusal("pattern", "a regular expression")));
            case "choice" ->
                Optional.of(vllm(format, "choice", "choices")
                        .orElseThrow(() -> format.refusal("choices", "a list of texts")));
            default -> Optional.empty();
        };
    }

    private Optional<TokenConstraint> vllm(Fields fields, String kind, String name) {
        JsonNode value = fields.find(name);
        if (value == null) {
            return Optional.empty();
        }
        String path = fields.path(name);
        return switch (kind) {
            case "json" -> Optional.of(jsonSchema(value.isString() ? value.stringValue() : value.toString(), path));
            case "json_object" -> fields.flag(name, false) ? Optional.of(model.jsonObject()) : Optional.empty();
            case "regex" -> {
                String pattern = fields.text(name).orElseThrow();
                yield Optional.of(compiled(() -> model.regex(pattern), path));
            }
            default -> {
                List<String> texts = fields.texts(name, CHOICES_MAX);
                yield Optional.of(compiled(() -> model.choice(texts), path));
            }
        };
    }

    private TokenConstraint jsonSchema(String schema, String path) {
        return compiled(() -> model.jsonSchema(schema), path);
    }

    static TokenConstraint compiled(Supplier<TokenConstraint> compiler, String path) {
        try {
            return compiler.get();
        } catch (SchemaException refusal) {
            throw ApiException.badRequest("schema-unsupported", path, "%s: %s".formatted(path, refusal.getMessage()));
        }
    }
}
