package dev.guildhall.engine.generation.grammar;

import static org.assertj.core.api.Assertions.assertThat;

import dev.guildhall.engine.tokenizer.Tokenizer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Masks over the 151,936 tokens of a real model, at the path that GUILDHALL_TEST_MODEL names. */
class RealVocabularyIT {

    @Test
    void holdsAnswersToRandomSchemas() throws IOException {
        String path = System.getenv("GUILDHALL_TEST_MODEL");
        assertThat(path)
                .as("GUILDHALL_TEST_MODEL must name qwen2.5-coder-0.5b-instruct-q4_k_m.gguf")
                .isNotBlank();
        Tokenizer tokenizer = Tokenizer.load(Path.of(path));
        TokenTrie trie = new TokenTrie(tokenizer);
        Random random = new Random(30);
        RandomSchemas schemas = new RandomSchemas(random);
        int complete = 0;
        for (int round = 0; round < 100; round++) {
            JsonNode schema = schemas.next();
            TokenConstraint constraint = TokenConstraint.jsonSchema(schema.toString(), tokenizer, trie);
            SchemaValidator validator = new SchemaValidator(schema);
            String text = RandomAnswers.write(constraint, tokenizer, random);
            if (!text.isEmpty()) {
                complete++;
                assertThat(validator.isValid(JsonMapper.shared().readTree(text)))
                        .as("%s against %s", text, schema)
                        .isTrue();
            }
        }
        assertThat(complete).isGreaterThan(50);
    }
}
