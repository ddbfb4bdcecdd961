package dev.guildhall.engine.generation.grammar;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.guildhall.engine.format.ModelFormatException;
import dev.guildhall.engine.tokenizer.TextGoldens;
import dev.guildhall.engine.tokenizer.TokenKind;
import dev.guildhall.engine.tokenizer.Tokenizer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class TokenConstraintTest {

    private static final Tokenizer TOKENIZER = tokenizer();
    private static final TokenTrie TRIE = new TokenTrie(TOKENIZER);

    private static final String FINDINGS = """
            {"type": "object", "additionalProperties": false, "required": ["findings", "summary"],
             "properties": {
               "summary": {"type": "string", "maxLength": 40},
               "findings": {"type": "array", "maxItems": 3, "items": {"$ref": "#/$defs/finding"}},
               "score": {"type": ["number", "null"], "minimum": 0, "maximum": 1}},
             "$defs": {"finding": {"type": "object", "required": ["severity", "startLine"],
               "properties": {
                 "severity": {"type": "string", "enum": ["high", "medium", "low"]},
                 "startLine": {"type": "integer", "minimum": 17, "maximum": 1204},
                 "suggestion": {"anyOf": [{"type": "string", "minLength": 2, "maxLength": 5}, {"type": "null"}]},
                 "related": {"type": "array", "items": {"$ref": "#/$defs/finding"}, "maxItems": 1}}}}}
            """;

    private static Tokenizer tokenizer() {
        try {
            return Tokenizer.fromGguf(TextGoldens.FILE, TextGoldens.tinyMetadata("qwen2"));
        } catch (ModelFormatException e) {
            throw new IllegalStateException(e);
        }
    }

    private static TokenConstraint constraint(String schema) {
        return TokenConstraint.jsonSchema(schema, TOKENIZER, TRIE);
    }

    /** Whether {@code json}, byte by byte, is a complete answer. */
    private static boolean accepts(String schema, String json) {
        Automaton automaton =
                new Automaton(SchemaCompiler.compile(JsonMapper.shared().readTree(schema)));
        State state = automaton.start();
        for (byte value : json.getBytes(StandardCharsets.UTF_8)) {
            state = automaton.next(state, value & 0xFF);
            if (state == null) {
                return false;
            }
        }
        return state.accepting;
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            {"type":"string"} | "" | true
            {"type":"string"} | "a\\"b\\\\ \\u00e9 ü 中 😀" | true
            {"type":"string"} | "\\ud83d" | false
            {"type":"string"} | "a | false
            {"type":"string"} | 'a' | false
            {"type":"string","minLength":2,"maxLength":3} | "a" | false
            {"type":"string","minLength":2,"maxLength":3} | "中😀" | true
            {"type":"string","minLength":2,"maxLength":3} | "abcd" | false
            {"type":"string","format":"date"} | "2026-02-28" | true
            {"type":"string","format":"date"} | "2026-02-30" | false
            {"type":"string","format":"date-time"} | "2026-11-22T23:59:00Z" | true
            {"type":"string","format":"uuid"} | "123e4567-e89b-12d3-a456-426614174000" | true
            {"type":"integer"} | -12 | true
            {"type":"integer"} | 012 | false
            {"type":"integer"} | 1.0 | false
            {"type":"integer"} | -0 | false
            {"type":"integer","minimum":17,"maximum":1204} | 16 | false
            {"type":"integer","minimum":17,"maximum":1204} | 1204 | true
            {"type":"integer","minimum":17,"maximum":1204} | 1205 | false
            {"type":"integer","exclusiveMinimum":0} | 0 | false
            {"type":"integer","exclusiveMinimum":0.5} | 1 | true
            {"type":"integer","minimum":-5,"maximum":-3} | -4 | true
            {"type":"integer","minimum":-5,"maximum":-3} | -2 | false
            {"type":"integer","format":"int32"} | 2147483648 | false
            {"type":"number"} | -1.5e-3 | true
            {"type":"number"} | .5 | false
            {"type":"number","minimum":0,"maximum":1} | 0.75 | true
            {"type":"number","minimum":0,"maximum":1} | 1.0 | true
            {"type":"number","minimum":0,"maximum":1} | 1.01 | false
            {"type":"number","minimum":0,"maximum":1} | -0.1 | false
            {"type":"boolean"} | true | true
            {"type":["boolean","null"]} | null | true
            {"enum":["a","b",1,null,{"x":[1]}]} | {"x":[1]} | true
            {"enum":["a","b",1]} | "c" | false
            {"type":"string","enum":["a",1]} | 1 | false
            {"const":"ok"} | "ok" | true
            {"type":"array","items":{"type":"boolean"},"minItems":1,"maxItems":2} | [] | false
            {"type":"array","items":{"type":"boolean"},"minItems":1,"maxItems":2} | [true, false] | true
            {"type":"array","items":{"type":"boolean"},"minItems":1,"maxItems":2} | [true,true,true] | false
            {"type":"array","items":{"type":"boolean"}} | [] | true
            {"type":"array","maxItems":0} | [] | true
            {"type":"object","properties":{"a":{"const":1},"b":{"const":2},"c":{"const":3}},"required":["b"]} | {"b":2} | true
            {"type":"object","properties":{"a":{"const":1},"b":{"const":2},"c":{"const":3}},"required":["b"]} | {"a":1, "b":2,"c":3} | true
            {"type":"object","properties":{"a":{"const":1},"b":{"const":2},"c":{"const":3}},"required":["b"]} | {"a":1,"c":3} | false
            {"type":"object","properties":{"a":{"const":1},"b":{"const":2}}} | {} | true
            {"type":"object","properties":{"a":{"const":1},"b":{"const":2}}} | {,"b":2} | false
            {"type":"object","properties":{"a":{"const":1}},"additionalProperties":false} | {"z":1} | false
            {"type":"object","additionalProperties":{"type":"integer"}} | {"x": 1,"y":2} | true
            {"type":"object","additionalProperties":{"type":"integer"}} | {"x":"1"} | false
            {"type":"object","additionalProperties":false} | {} | true
            {"type":"object","required":["a"]} | {"a":[1,{"b":null}]} | true
            {"properties":{"a\\"ü":{"const":1}},"required":["a\\"ü"]} | {"a\\"ü":1} | true
            {} | [1,{"a":[null,true,"x"]},-3.5] | true
            {"$ref":"#/$defs/t","$defs":{"t":{"type":"object","properties":{"n":{"anyOf":[{"$ref":"#/$defs/t"},{"type":"null"}]}},"required":["n"]}}} | {"n":{"n":{"n":null}}} | true
            {"allOf":[{"type":"integer"}]} | 7 | true
            {"allOf":[{"type":"integer","minimum":3},{"maximum":5}]} | 4 | true
            {"allOf":[{"type":"integer","minimum":3},{"maximum":5}]} | 6 | false
            {"allOf":[{"type":"object","properties":{"a":{"const":1}},"required":["a"]},{"properties":{"b":{"const":2}},"required":["b"]}]} | {"a":1,"b":2} | true
            {"allOf":[{"type":"object","properties":{"a":{"const":1}},"required":["a"]},{"properties":{"b":{"const":2}},"required":["b"]}]} | {"a":1} | false
            {"allOf":[{"$ref":"#/$defs/p"}],"properties":{"b":{"const":2}},"$defs":{"p":{"type":"object","properties":{"a":{"enum":[1,2]}},"required":["a"]}}} | {"a":2,"b":2} | true
            {"allOf":[{"properties":{"a":{"const":1},"b":{}}},{"properties":{"a":{}},"additionalProperties":false}]} | {"a":1} | true
            {"allOf":[{"properties":{"a":{"const":1},"b":{}}},{"properties":{"a":{}},"additionalProperties":false}]} | {"a":1,"b":1} | false
            {"type":"object","properties":{"k":{"type":"string"}},"required":["k"],"anyOf":[{"properties":{"v":{"const":1}},"required":["v"]},{"properties":{"w":{"const":2}},"required":["w"]}]} | {"w":2,"k":""} | true
            {"type":"object","properties":{"k":{"type":"string"}},"required":["k"],"anyOf":[{"properties":{"v":{"const":1}},"required":["v"]},{"properties":{"w":{"const":2}},"required":["w"]}]} | {"k":""} | false
            {"anyOf":[{"type":"string"},{"type":"integer"}],"type":"integer"} | "a" | false
            {"oneOf":[{"type":"string"},{"type":"integer"}]} | 3 | true
            {"oneOf":[{"properties":{"t":{"const":"a"},"x":{"const":1}},"required":["t","x"]},{"properties":{"t":{"const":"b"}},"required":["t"]}]} | {"t":"b"} | true
            {"oneOf":[{"properties":{"t":{"const":"a"},"x":{"const":1}},"required":["t","x"]},{"properties":{"t":{"const":"b"}},"required":["t"]}]} | {"t":"a"} | false
            {"$ref":"#/$defs/n","maximum":5,"$defs":{"n":{"type":"integer","minimum":3}}} | 6 | false
            {"$ref":"#/$defs/n","maximum":5,"$defs":{"n":{"type":"integer","minimum":3}}} | 5 | true
            {"type":"object","properties":{"a":{"const":1}},"additionalProperties":{"type":"integer"}} | {"a":1,"b":2,"ab":3} | true
            {"type":"object","properties":{"a":{"const":1}},"additionalProperties":{"type":"integer"}} | {"b":2} | true
            {"type":"object","properties":{"a":{"const":1}},"additionalProperties":{"type":"integer"}} | {"a":2} | false
            {"type":"object","properties":{"a":{"const":1}},"additionalProperties":{"type":"integer"}} | {"b":"x"} | false
            {"type":"object","properties":{"ab":{"const":1},"ac":{"const":1}},"additionalProperties":true} | {"a":[],"":0,"abc":{},"b":null} | true
            {"type":"object","properties":{"ab":{"const":1},"ac":{"const":1}},"additionalProperties":true} | {"ac":2} | false
            {"prefixItems":[{"const":1},{"const":2}],"items":{"type":"boolean"}} | [1,2,true] | true
            {"prefixItems":[{"const":1},{"const":2}],"items":{"type":"boolean"}} | [1] | true
            {"prefixItems":[{"const":1},{"const":2}],"items":{"type":"boolean"}} | [2] | false
            {"prefixItems":[{"const":1},{"const":2}],"items":false,"minItems":2} | [1] | false
            {"prefixItems":[{"const":1},{"const":2}],"items":false,"minItems":2} | [1,2] | true
            {"prefixItems":[{"const":1},{"const":2}],"items":false} | [1,2,3] | false
            {"enum":["","a","ab","b"]} | "ab" | true
            {"enum":["","a","ab","b"]} | "" | true
            {"enum":["","a","ab","b"]} | "abb" | false
            {"type":"string","pattern":"^[a-z]{2}-\\\\d+$"} | "ab-12" | true
            {"type":"string","pattern":"^[a-z]{2}-\\\\d+$"} | "ab-" | false
            {"type":"string","pattern":"b"} | "abc" | true
            {"type":"string","pattern":"^b"} | "abc" | false
            `{"type":"string","pattern":"^(a|bc)*$"}` | "abca" | true
            `{"type":"string","pattern":"^(a|bc)*$"}` | "abcc" | false
            {"type":"string","pattern":"^(a*b*)*$"} | "abba" | true
            {"type":"string","pattern":"^(a*b*){2}$"} | "" | true
            {"type":"string","pattern":"^.$"} | "\\\\" | true
            {"type":"string","pattern":"^.$"} | "\\n" | false
            {"type":"string","pattern":"^[^a]$"} | "\\n" | true
            {"type":"string","pattern":"^[^a]$"} | "😀" | true
            {"type":"string","pattern":"^[^é]$"} | "é" | false
            {"type":"string","pattern":"^[à-ü]$"} | "é" | true
            {"type":"string","pattern":"^\\\\u{1F600}$"} | "😀" | true
            {"type":"string","pattern":"^\\"$"} | "\\"" | true
            {"type":"string","pattern":"^[a-z]+$","maxLength":3} | "abc" | true
            {"type":"string","pattern":"^[a-z]+$","maxLength":3} | "abcd" | false
            {"type":"string","pattern":"^x[a-z]*$","minLength":3} | "xa" | false
            `{"type":"string","pattern":"^a|b$"}` | "zb" | true
            {"type":"string","format":"time"} | "23:59:00.5+01:00" | true
            {"type":"string","format":"date"} | "2026-11-31" | false
            {"type":"string","format":"email"} | "a.b@example.org" | true
            {"type":"string","format":"email"} | "a@b" | false
            {"type":"string","format":"ipv4"} | "255.0.13.1" | true
            {"type":"string","format":"ipv4"} | "256.0.13.1" | false
            {"type":"string","format":"uri"} | "https://example.org/a/b?c=d" | true
            {"type":"string","format":"duration"} | "P3DT4H" | true
            {"type":"number","minimum":0.25,"exclusiveMaximum":1.5} | 0.25 | true
            {"type":"number","minimum":0.25,"exclusiveMaximum":1.5} | 0.249 | false
            {"type":"number","minimum":0.25,"exclusiveMaximum":1.5} | 1.49 | true
            {"type":"number","minimum":0.25,"exclusiveMaximum":1.5} | 1.50 | false
            {"type":"number","exclusiveMinimum":-0.5,"maximum":0} | -0.5 | false
            {"type":"number","exclusiveMinimum":-0.5,"maximum":0} | -0.49 | true
            {"type":"number","exclusiveMinimum":0} | 0.0 | false
            {"type":"number","exclusiveMinimum":0} | 0.001 | true
            """)
    void acceptsExactlyWhatTheSchemaAllows(String schema, String json, boolean valid) {
        assertThat(accepts(schema, json)).isEqualTo(valid);
    }

    @Test
    void acceptsEveryIntegerWithinBoundsAndNoOther() {
        for (int[] bounds : new int[][] {{0, 0}, {0, 9}, {7, 123}, {-12, 34}, {-120, -7}, {95, 105}, {1, 1000}}) {
            String schema = "{\"type\":\"integer\",\"minimum\":%d,\"maximum\":%d}".formatted(bounds[0], bounds[1]);
            for (int value = -1100; value <= 1100; value++) {
                assertThat(accepts(schema, Integer.toString(value)))
                        .as("%d in %s", value, schema)
                        .isEqualTo(value >= bounds[0] && value <= bounds[1]);
            }
        }
    }

    @Test
    void allowsExactlyTheTokensThatCanGoOn() {
        TokenConstraint constraint = constraint(FINDINGS);
        Automaton automaton =
                new Automaton(SchemaCompiler.compile(JsonMapper.shared().readTree(FINDINGS)));
        Random random = new Random(11);
        for (int round = 0; round < 20; round++) {
            TokenConstraint.Progress progress = constraint.begin();
            State state = automaton.start();
            for (int step = 0; step < 60 && !progress.isFinished(); step++) {
                BitSet allowed = BitSet.valueOf(progress.allowed());
                for (int id = 0; id < TOKENIZER.vocabularySize(); id++) {
                    boolean expected = TOKENIZER.endOfGeneration().contains(id)
                            ? state.accepting
                            : TOKENIZER.kind(id) == TokenKind.TEXT && follow(automaton, state, id) != null;
                    assertThat(allowed.get(id))
                            .as("token %d at step %d", id, step)
                            .isEqualTo(expected);
                }
                int token = pick(allowed, random);
                progress.accept(token);
                state = Objects.requireNonNull(follow(automaton, state, token));
            }
        }
    }

    private static @Nullable State follow(Automaton automaton, State from, int token) {
        State state = from;
        for (byte value : TOKENIZER.bytes(token)) {
            if (state == null) {
                return null;
            }
            state = automaton.next(state, value & 0xFF);
        }
        return state;
    }

    @Test
    void givesValidAnswersWhateverIsPicked() {
        TokenConstraint constraint = constraint(FINDINGS);
        Random random = new Random(5);
        int finished = 0;
        for (int round = 0; round < 200; round++) {
            TokenConstraint.Progress progress = constraint.begin();
            List<Integer> tokens = new ArrayList<>();
            while (!progress.isFinished() && tokens.size() < 2_000) {
                BitSet allowed = BitSet.valueOf(progress.allowed());
                assertThat(allowed.isEmpty()).isFalse();
                int token = pick(allowed, random);
                progress.accept(token);
                tokens.add(token);
            }
            if (progress.isFinished()) {
                finished++;
                JsonNode answer = JsonMapper.shared()
                        .readTree(TOKENIZER.decode(
                                tokens.stream().mapToInt(Integer::intValue).toArray()));
                assertThat(answer.get("summary").stringValue().codePoints().count())
                        .isLessThanOrEqualTo(40);
                assertThat(answer.get("findings").size()).isLessThanOrEqualTo(3);
                for (JsonNode finding : answer.get("findings")) {
                    assertThat(finding.get("severity").stringValue()).isIn("high", "medium", "low");
                    assertThat(finding.get("startLine").intValue()).isBetween(17, 1204);
                }
            }
        }
        assertThat(finished).isGreaterThan(150);
    }

    @Test
    void allowsTheSameFarFromTheBoundsOfLongStrings() {
        TokenConstraint.Progress progress = constraint("{\"type\":\"string\",\"minLength\":3000,\"maxLength\":6000}")
                .begin();
        progress.accept(TOKENIZER.encode("\"")[0]);
        int letter = TOKENIZER.encode("a")[0];
        long[] atStart = progress.allowed().clone();
        for (int i = 0; i < 2_000; i++) {
            progress.accept(letter);
            assertThat(progress.allowed()).isEqualTo(atStart);
        }
        for (int i = 0; i < 1_100; i++) {
            progress.accept(letter);
        }
        long[] inTheMiddle = progress.allowed().clone();
        assertThat(inTheMiddle).isNotEqualTo(atStart);
        for (int i = 0; i < 2_000; i++) {
            progress.accept(letter);
            assertThat(progress.allowed()).isEqualTo(inTheMiddle);
        }
    }

    @Test
    void forgetsStatesRatherThanGrowing() {
        TokenConstraint.Progress progress =
                constraint("{\"type\":\"string\",\"maxLength\":50000}").begin();
        progress.accept(TOKENIZER.encode("\"")[0]);
        int letter = TOKENIZER.encode("a")[0];
        for (int i = 0; i < 50_000; i++) {
            progress.accept(letter);
        }
        BitSet allowed = BitSet.valueOf(progress.allowed());
        assertThat(allowed.get(letter)).isFalse();
        assertThat(allowed.get(TOKENIZER.encode("\"")[0])).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"type\":\"string\",\"pattern\":\"(?=a)\"} | lookaround",
                "{\"type\":\"string\",\"pattern\":\"(a)\\\\1\"} | \\1",
                "{\"type\":\"string\",\"pattern\":\"\\\\bword\"} | \\b",
                "{\"type\":\"string\",\"pattern\":\"(a\"} | not closed",
                "{\"type\":\"string\",\"pattern\":\"a)\"} | closing bracket",
                "{\"type\":\"string\",\"pattern\":\"a{2,1}\"} | m up to n",
                "{\"type\":\"string\",\"pattern\":\"[b-a]\"} | end comes before its start",
                "{\"type\":\"string\",\"pattern\":\"(a^b)\"} | anchor",
                "{\"type\":\"string\",\"pattern\":\"a+b+\",\"maxLength\":9} | beside this pattern",
                "{\"allOf\":[{\"type\":\"string\"},{\"type\":\"integer\"}]} | contradicts itself",
                "{\"oneOf\":[{\"type\":\"integer\"},{\"type\":\"number\"}]} | use anyOf",
                "{\"oneOf\":[{\"const\":1},{\"const\":1.0}]} | use anyOf",
                "{\"type\":\"object\",\"minProperties\":2} | minProperties",
                "{\"if\":{}} | if",
                "{\"$ref\":\"#/a\",\"a\":{\"$ref\":\"#/a\",\"minimum\":1}} | deeper than 64",
                "{\"not\":{}} | not",
                "{\"type\":\"array\",\"uniqueItems\":true} | uniqueItems",
                "{\"type\":\"object\",\"patternProperties\":{}} | patternProperties",
                "{\"type\":\"integer\",\"multipleOf\":2} | multipleOf",
                "{\"type\":\"string\",\"format\":\"iri\"} | iri",
                "{\"type\":\"object\",\"properties\":{\"a\":{\"type\":\"text\"}}} | #/properties/a: type \"text\"",
                "{\"$ref\":\"#/$defs/x\"} | points to nothing",
                "{\"$ref\":\"other.json\"} | into the same schema",
                "{\"$ref\":\"#\"} | without any content",
                "{\"anyOf\":[{\"$ref\":\"#\"},{\"type\":\"null\"}]} | without any content",
                "{\"enum\":[]} | enum",
                "{\"type\":\"integer\",\"minimum\":5,\"maximum\":4} | bounds",
                "{\"type\":\"array\",\"minItems\":2,\"maxItems\":1} | minItems 2",
                "{\"type\":\"string\",\"enum\":[\"a\"],\"minLength\":1} | minLength is not supported beside enum",
                "{\"type\":\"number\",\"exclusiveMinimum\":1,\"maximum\":1} | no number",
                "false | no value",
                "[] | a schema is an object",
                "{\"type\" | no JSON",
            })
    void refusesByNameWhatItCannotHold(String schemaAndMessage) {
        String[] parts = schemaAndMessage.split(" \\| ");
        assertThatThrownBy(() -> constraint(parts[0]))
                .isInstanceOf(SchemaException.class)
                .hasMessageContaining(parts[1]);
    }

    @Test
    void refusesSchemasNestedAThousandDeep() {
        String schema = "{\"items\":".repeat(1_000) + "{}" + "}".repeat(1_000);
        assertThatThrownBy(() -> constraint(schema)).isInstanceOf(SchemaException.class);
        String nested = "{\"items\":".repeat(100) + "{}" + "}".repeat(100);
        assertThatThrownBy(() -> constraint(nested))
                .isInstanceOf(SchemaException.class)
                .hasMessageContaining("nests deeper than 64 levels");
    }

    private static int pick(BitSet allowed, Random random) {
        int[] ids = allowed.stream().toArray();
        return ids[random.nextInt(ids.length)];
    }
}
