package dev.guildhall.reviewbot.reviewer.model;

import dev.guildhall.contract.review.Severity;
import dev.guildhall.reviewbot.reviewer.Categories;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The JSON that the model is held to, and how it is read. */
final class Answers {

    private static final JsonMapper JSON = JsonMapper.shared();
    private static final int FINDINGS_MAX = 3;

    /** For a review: places before judgements, so that the model copies the line before it says what it thinks. */
    static final String FINDINGS_SCHEMA = """
            {"type":"object","properties":{"findings":{"type":"array","maxItems":%d,"items":{"type":"object",\
            "properties":{"line":{"type":"integer"},"code":{"type":"string","maxLength":200},\
            "problem":{"type":"string","maxLength":240},"category":{"type":"string","enum":[%s]},\
            "severity":{"type":"string","enum":["high","medium","low"]},"fix":{"type":"string","maxLength":200}},\
            "required":["line","code","problem","category","severity","fix"],"additionalProperties":false}}},\
            "required":["findings"],"additionalProperties":false}""".formatted(
                    FINDINGS_MAX,
                    Categories.FOR_MODEL.stream().map(name -> '"' + name + '"').collect(Collectors.joining(",")));

    /** For the second check. */
    static final String VERDICT_SCHEMA = """
            {"type":"object","properties":{"verdict":{"type":"string","enum":["true","false"]},\
            "severity":{"type":"string","enum":["high","medium","low"]}},"required":["verdict","severity"],\
            "additionalProperties":false}""";

    private Answers() {}

    /** One finding as the model put it. */
    record Claim(int line, String code, String problem, String category, Severity severity, String fix) {}

    /** What the second check says. */
    record Verdict(boolean holds, Severity severity) {}

    /** The claims that are complete; an answer that was cut short loses only its last one. */
    static List<Claim> claims(String answer) {
        List<Claim> claims = new ArrayList<>();
        try (JsonParser parser = JSON.createParser(answer)) {
            while (parser.nextToken() != null && parser.currentToken() != JsonToken.START_ARRAY) {
                // Skips to the list.
            }
            while (parser.nextToken() == JsonToken.START_OBJECT) {
                JsonNode node = parser.readValueAsTree();
                claims.add(new Claim(
                        node.path("line").asInt(0),
                        node.path("code").asString(""),
                        node.path("problem").asString(""),
                        node.path("category").asString(Categories.CORRECTNESS),
                        severity(node.path("severity").asString("medium")),
                        node.path("fix").asString("")));
            }
        } catch (JacksonException e) {
            return claims;
        }
        return claims;
    }

    /** An answer that cannot be read counts as no. */
    static Verdict verdict(String answer) {
        try {
            JsonNode node = JSON.readTree(answer);
            return new Verdict(
                    node.path("verdict").asString("false").equals("true"),
                    severity(node.path("severity").asString("medium")));
        } catch (JacksonException e) {
            return new Verdict(false, Severity.LOW);
        }
    }

    private static Severity severity(String name) {
        return switch (name.toLowerCase(Locale.ROOT)) {
            case "high" -> Severity.HIGH;
            case "low" -> Severity.LOW;
            default -> Severity.MEDIUM;
        };
    }
}
