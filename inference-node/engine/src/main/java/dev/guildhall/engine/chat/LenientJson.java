package dev.guildhall.engine.chat;

import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.json.JsonReadFeature;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** JSON as models write it: with line feeds in strings. */
final class LenientJson {

    private static final int DEPTH_MAX = 200;

    private static final JsonMapper MAPPER = JsonMapper.builder(JsonFactory.builder()
                    .enable(JsonReadFeature.ALLOW_UNESCAPED_CONTROL_CHARS)
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(DEPTH_MAX)
                            .build())
                    .build())
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .build();

    private LenientJson() {}

    static Optional<JsonNode> parse(String json) {
        try {
            JsonNode parsed = MAPPER.readTree(json);
            return parsed.isMissingNode() ? Optional.empty() : Optional.of(parsed);
        } catch (JacksonException e) {
            return Optional.empty();
        }
    }

    static JsonNode of(Object value) {
        return MAPPER.valueToTree(value);
    }
}
