package dev.guildhall.engine.generation.grammar;

import static org.assertj.core.api.Assertions.assertThat;

import dev.guildhall.engine.format.ModelFormatException;
import dev.guildhall.engine.tokenizer.TextGoldens;
import dev.guildhall.engine.tokenizer.Tokenizer;
import java.util.List;
import java.util.Random;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Whatever tokens are picked out of those that are allowed, the answer is valid; the worst model there can be. */
class StructuredOutputTest {

    private static final Tokenizer TOKENIZER = tokenizer();
    private static final TokenTrie TRIE = new TokenTrie(TOKENIZER);

    private static Tokenizer tokenizer() {
        try {
            return Tokenizer.fromGguf(TextGoldens.FILE, TextGoldens.tinyMetadata("qwen2"));
        } catch (ModelFormatException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void isValidAgainstRandomSchemas() {
        Random random = new Random(20);
        RandomSchemas schemas = new RandomSchemas(random);
        int complete = 0;
        for (int round = 0; round < 600; round++) {
            JsonNode schema = schemas.next();
            TokenConstraint constraint = TokenConstraint.jsonSchema(schema.toString(), TOKENIZER, TRIE);
            SchemaValidator validator = new SchemaValidator(schema);
            for (int answer = 0; answer < 3; answer++) {
                String text = write(constraint, random);
                if (text.isEmpty()) {
                    continue;
                }
                complete++;
                assertThat(validator.isValid(JsonMapper.shared().readTree(text)))
                        .as("%s against %s", text, schema)
                        .isTrue();
            }
        }
        assertThat(complete).isGreaterThan(1_000);
    }

    @Test
    void isAnObjectWhereOnlyThatIsAsked() {
        Random random = new Random(21);
        TokenConstraint constraint = TokenConstraint.jsonObject(TOKENIZER, TRIE);
        for (int round = 0; round < 100; round++) {
            String text = write(constraint, random);
            if (!text.isEmpty()) {
                assertThat(JsonMapper.shared().readTree(text).isObject())
                        .as(text)
                        .isTrue();
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[a-z]+@[a-z]+\\.(com|org)",
                "(yes|no|(may|might)( be)?)",
                "[^\\d\\n]{3,9}",
                "(\\d{1,3}(,\\d{3})*|-)",
                "((a|ab)(c|bcd)(d*))+",
                "é[\\u0400-\\u04ff😀-😂]{2}\\x41\\t",
                "(?<year>\\d{4})-(?:0[1-9]|1[0-2])"
            })
    void matchesTheRegularExpression(String regex) {
        Random random = new Random(22);
        TokenConstraint constraint = TokenConstraint.regex(regex, TOKENIZER, TRIE);
        int complete = 0;
        for (int round = 0; round < 60; round++) {
            String text = write(constraint, random);
            if (!text.isEmpty()) {
                complete++;
                assertThat(text).matches(Pattern.compile(regex));
            }
        }
        assertThat(complete).isGreaterThan(20);
    }

    @Test
    void isOneOfTheChoices() {
        List<String> choices = List.of("Ja", "Jawohl", "Nein", "naïve \"quote\"", "中文");
        TokenConstraint constraint = TokenConstraint.choice(choices, TOKENIZER, TRIE);
        Random random = new Random(23);
        for (int round = 0; round < 50; round++) {
            assertThat(choices).contains(write(constraint, random));
        }
    }

    private static String write(TokenConstraint constraint, Random random) {
        return RandomAnswers.write(constraint, TOKENIZER, random);
    }
}
