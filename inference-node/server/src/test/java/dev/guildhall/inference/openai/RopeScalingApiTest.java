package dev.guildhall.inference.openai;

import static org.assertj.core.api.Assertions.assertThat;

import dev.guildhall.inference.ApiTest;
import java.net.http.HttpResponse;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.springframework.test.context.TestPropertySource;
import tools.jackson.databind.JsonNode;

/** Requests longer than the 128 tokens that the model was trained for, by YaRN. Prompts are tokens, to have their number. */
@TestPropertySource(properties = "guildhall.engine.rope-factors=2,4")
class RopeScalingApiTest extends ApiTest {

    @Test
    void tellsTheLongestContext() {
        assertThat(JSON.readTree(get("/v1/models").body())
                        .at("/data/0/max_model_len")
                        .intValue())
                .isEqualTo(512);
    }

    @Test
    void stretchesAsFarAsARequestNeeds() {
        JsonNode answer = JSON.readTree(complete(300, 1, "").body());
        assertThat(answer.at("/usage/prompt_tokens").intValue()).isEqualTo(300);
        assertThat(answer.at("/usage/completion_tokens").intValue()).isEqualTo(4);

        HttpResponse<String> tooLong = complete(509, 2, "");
        assertThat(tooLong.statusCode()).isEqualTo(400);
        assertThat(JSON.readTree(tooLong.body()).at("/error/message").stringValue())
                .contains("509", "4", "512");
    }

    @Test
    void refusesWhatDoesNotFitTheFactorThatItNames() {
        assertThat(complete(252, 3, ",\"rope_scaling\":{\"type\":\"yarn\",\"factor\":2}")
                        .statusCode())
                .isEqualTo(200);
        HttpResponse<String> tooLong = complete(253, 3, ",\"rope_scaling\":{\"type\":\"yarn\",\"factor\":2}");
        assertThat(tooLong.statusCode()).isEqualTo(400);
        assertThat(JSON.readTree(tooLong.body()).at("/error/message").stringValue())
                .contains("253", "256");
    }

    @Test
    void keepsWhatItComputedUnderEachFactorApart() {
        String two = ",\"rope_scaling\":{\"type\":\"yarn\",\"factor\":2}";
        String four = ",\"rope_scaling\":{\"type\":\"yarn\",\"factor\":4}";
        assertThat(cachedTokens(complete(100, 4, two))).isZero();
        assertThat(cachedTokens(complete(100, 4, two))).isGreaterThanOrEqualTo(64);
        assertThat(cachedTokens(complete(100, 4, four))).isZero();
        assertThat(cachedTokens(complete(100, 4, ""))).isZero();
    }

    private static int cachedTokens(HttpResponse<String> response) {
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        return JSON.readTree(response.body())
                .at("/usage/prompt_tokens_details/cached_tokens")
                .intValue();
    }

    /** Four tokens to a prompt of so many that no other seed begins with. */
    private HttpResponse<String> complete(int promptTokens, int seed, String fields) {
        String prompt = IntStream.range(0, promptTokens)
                .mapToObj(i -> Integer.toString((seed * 31 + i * 7) % 256))
                .collect(Collectors.joining(",", "[", "]"));
        String body = "{\"prompt\":%s,\"max_tokens\":4,\"temperature\":0,\"logit_bias\":{\"317\":-100,\"319\":-100}%s}"
                .formatted(prompt, fields);
        return post("/v1/completions", body);
    }
}
