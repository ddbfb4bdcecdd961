package dev.guildhall.inference.openai;

import static org.assertj.core.api.Assertions.assertThat;

import dev.guildhall.inference.ApiTest;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/** Chat over HTTP, with a model of random weights: what it says is noise, how it says it is not. */
class ChatApiTest extends ApiTest {

    @Test
    void listsTheModel() {
        JsonNode models = JSON.readTree(get("/v1/models").body());

        assertThat(models.at("/data/0/id").stringValue()).isEqualTo("qwen2-tied-f32");
        assertThat(models.at("/data/0/max_model_len").intValue()).isEqualTo(128);
        assertThat(get("/v1/models/qwen2-tied-f32").statusCode()).isEqualTo(200);
        assertThat(get("/v1/models/gpt-5").statusCode()).isEqualTo(404);
    }

    @Test
    void answersAtOnce() {
        HttpResponse<String> response = chat("\"model\":\"qwen2-tied-f32\",\"max_tokens\":7,\"temperature\":0");

        assertThat(response.statusCode()).isEqualTo(200);
        JsonNode answer = JSON.readTree(response.body());
        assertThat(answer.get("object").stringValue()).isEqualTo("chat.completion");
        assertThat(answer.at("/choices/0/message/role").stringValue()).isEqualTo("assistant");
        assertThat(answer.at("/choices/0/message/content").isString()).isTrue();
        assertThat(answer.at("/choices/0/finish_reason").stringValue()).isIn("length", "stop");
        assertThat(answer.at("/usage/completion_tokens").intValue()).isBetween(0, 7);
        assertThat(answer.at("/usage/total_tokens").intValue())
                .isEqualTo(answer.at("/usage/prompt_tokens").intValue()
                        + answer.at("/usage/completion_tokens").intValue());
    }

    @Test
    void streamsTheSameAnswer() {
        String options = "\"max_completion_tokens\":20,\"temperature\":1.5,\"seed\":5";
        String whole = JSON.readTree(chat(options).body())
                .at("/choices/0/message/content")
                .stringValue();

        HttpResponse<String> response = chat(options + ",\"stream\":true,\"stream_options\":{\"include_usage\":true}");

        assertThat(response.headers().firstValue("Content-Type").orElse("")).startsWith("text/event-stream");
        List<String> events = response.body()
                .lines()
                .filter(line -> line.startsWith("data: "))
                .map(line -> line.substring(6))
                .toList();
        assertThat(events.getLast()).isEqualTo("[DONE]");
        List<JsonNode> pieces = new ArrayList<>();
        events.subList(0, events.size() - 1).forEach(event -> pieces.add(JSON.readTree(event)));
        StringBuilder text = new StringBuilder();
        for (JsonNode piece : pieces) {
            assertThat(piece.get("object").stringValue()).isEqualTo("chat.completion.chunk");
            text.append(piece.at("/choices/0/delta/content").asString(""));
        }
        assertThat(text).hasToString(whole);
        assertThat(pieces.getFirst().at("/choices/0/delta/role").stringValue()).isEqualTo("assistant");
        assertThat(pieces.get(pieces.size() - 2).at("/choices/0/finish_reason").stringValue())
                .isIn("length", "stop");
        assertThat(pieces.getLast().get("choices").isEmpty()).isTrue();
        assertThat(pieces.getLast().at("/usage/completion_tokens").intValue()).isBetween(1, 20);
    }

    @Test
    void keepsToTheSchemaAtHighTemperature() {
        for (int seed = 0; seed < 10; seed++) {
            JsonNode answer = JSON.readTree(chat("""
                    "temperature": 2, "top_p": 1, "top_k": 0, "seed": %d, "max_tokens": 60,
                    "response_format": {"type": "json_schema", "json_schema": {"name": "finding", "strict": true, "schema":
                      {"type": "object", "properties": {
                        "severity": {"enum": ["high", "low"]}, "startLine": {"type": "integer", "minimum": 1, "maximum": 500}},
                       "required": ["severity", "startLine"], "additionalProperties": false}}}""".formatted(seed)).body());

            JsonNode finding =
                    JSON.readTree(answer.at("/choices/0/message/content").stringValue());
            assertThat(finding.get("severity").stringValue()).isIn("high", "low");
            assertThat(finding.get("startLine").intValue()).isBetween(1, 500);
            assertThat(answer.at("/choices/0/finish_reason").stringValue()).isEqualTo("stop");
        }
    }

    @Test
    void startsAnObjectWhereJsonIsAskedFor() {
        JsonNode answer = JSON.readTree(chat("\"max_tokens\":5,\"response_format\":{\"type\":\"json_object\"}")
                .body());
        assertThat(answer.at("/choices/0/message/content").stringValue()).startsWith("{");
    }

    @Test
    void readsContentInParts() {
        HttpResponse<String> response = post("""
                {"messages": [{"role": "developer", "content": "Be brief."},
                  {"role": "user", "content": [{"type": "text", "text": "a"}, {"type": "text", "text": "b"}]}],
                 "max_tokens": 1}""");
        assertThat(response.statusCode()).isEqualTo(200);
    }

    @Test
    void refusesAPromptThatIsTooLongWithTheNumbers() {
        HttpResponse<String> response =
                post("{\"messages\":[{\"role\":\"user\",\"content\":\"%s\"}]}".formatted("x1".repeat(200)));

        assertThat(response.statusCode()).isEqualTo(400);
        JsonNode error = JSON.readTree(response.body()).get("error");
        assertThat(error.get("code").stringValue()).isEqualTo("context_length_exceeded");
        assertThat(error.get("type").stringValue()).isEqualTo("invalid_request_error");
        assertThat(error.get("message").stringValue()).contains("the context of 128 tokens");
        assertThat(error.get("param").stringValue()).isEqualTo("messages");
        assertThat(chat("\"max_tokens\":128").statusCode()).isEqualTo(400);
        HttpResponse<String> completion = complete("\"prompt\":\"%s\"".formatted("x1".repeat(200)));
        assertThat(JSON.readTree(completion.body()).at("/error/param").stringValue())
                .isEqualTo("prompt");
    }

    @Test
    void refusesTenMegabytesAtOnce() {
        long start = System.nanoTime();
        HttpResponse<String> response =
                post("{\"messages\":[{\"role\":\"user\",\"content\":\"%s\"}]}".formatted("x".repeat(10 << 20)));

        assertThat(response.statusCode()).isEqualTo(413);
        assertThat(JSON.readTree(response.body()).at("/error/code").stringValue())
                .isEqualTo("request-too-large");
        assertThat(System.nanoTime() - start).isLessThan(5_000_000_000L);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            "model":"gpt-5" | 404 | model-not-found | model
            "model":5 | 400 | value-invalid | model
            "n":0 | 400 | value-invalid | n
            "n":99 | 400 | value-invalid | n
            "logprobs":3 | 400 | value-invalid | logprobs
            "logprobs":true,"top_logprobs":21 | 400 | value-invalid | top_logprobs
            "top_logprobs":2 | 400 | value-invalid | top_logprobs
            "logit_bias":{"5":101} | 400 | value-invalid | logit_bias.5
            "logit_bias":{"many":1} | 400 | value-invalid | logit_bias.many
            "logit_bias":[] | 400 | value-invalid | logit_bias
            "tools":[{"type":"function"}] | 400 | value-missing | tools[0].function
            "tools":[{"type":"function","function":{"name":"a b"}}] | 400 | value-invalid | tools[0].function.name
            "tools":[{"type":"retrieval"}] | 400 | value-invalid | tools[0].type
            "tool_choice":"required" | 400 | value-invalid | tool_choice
            "tool_choice":"always" | 400 | value-invalid | tool_choice
            "functions":[] | 400 | unsupported | functions
            "presence_penalty":2.5 | 400 | value-invalid | presence_penalty
            "frequency_penalty":"high" | 400 | value-invalid | frequency_penalty
            "repetition_penalty":0 | 400 | value-invalid | repetition_penalty
            "max_tokens":0 | 400 | value-invalid | max_tokens
            "max_completion_tokens":1.5 | 400 | value-invalid | max_completion_tokens
            "temperature":-1 | 400 | value-invalid | temperature
            "temperature":2.1 | 400 | value-invalid | temperature
            "top_p":0 | 400 | value-invalid | top_p
            "min_p":2 | 400 | value-invalid | min_p
            "top_k":-2 | 400 | value-invalid | top_k
            "seed":"x" | 400 | value-invalid | seed
            "stop":[""] | 400 | value-invalid | stop
            "stop":5 | 400 | value-invalid | stop
            "stop":["a","b","c","d","e"] | 400 | value-invalid | stop
            "stop_token_ids":[100000] | 400 | value-invalid | stop_token_ids
            "stream":"yes" | 400 | value-invalid | stream
            "stream_options":{"include_usage":1} | 400 | value-invalid | stream_options.include_usage
            "rope_scaling":{"type":"linear","factor":2} | 400 | value-invalid | rope_scaling.type
            "rope_scaling":{"type":"yarn","factor":0.5} | 400 | value-invalid | rope_scaling.factor
            "rope_scaling":{"type":"yarn","factor":3} | 400 | value-invalid | rope_scaling
            "response_format":{"type":"xml"} | 400 | value-invalid | response_format.type
            "response_format":{"type":"json_schema"} | 400 | value-missing | response_format.json_schema
            "response_format":{"type":"json_schema","json_schema":{"schema":{"not":{}}}} | 400 | schema-unsupported | response_format.json_schema.schema
            "response_format":{"type":"regex","pattern":"(?=a)"} | 400 | schema-unsupported | response_format.pattern
            "response_format":{"type":"json_object"},"guided_regex":"a" | 400 | value-invalid | guided_regex
            "structured_outputs":{"grammar":"x"} | 400 | unsupported | structured_outputs.grammar
            "messages":[] | 400 | value-invalid | messages
            "messages":"hello" | 400 | value-invalid | messages
            "messages":[{"role":"wizard","content":"a"}] | 400 | value-invalid | messages[0].role
            "messages":[{"role":"user","content":[{"type":"image_url"}]}] | 400 | content-unsupported | messages[0].content
            """)
    void refusesInOpenAisShape(String fields, int status, String code, String param) {
        HttpResponse<String> response = fields.contains("\"messages\"") ? post("{" + fields + "}") : chat(fields);

        assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
        JsonNode error = JSON.readTree(response.body()).get("error");
        assertThat(error.get("code").stringValue()).isEqualTo(code);
        assertThat(error.get("param").stringValue()).isEqualTo(param);
        assertThat(error.get("message").stringValue()).contains(param.substring(param.lastIndexOf('.') + 1));
    }

    @Test
    void acceptsWhatChangesNothing() {
        assertThat(
                        chat("\"n\":1,\"max_tokens\":1,\"tools\":[],\"presence_penalty\":0,\"store\":false,\"stop\":null,\"rope_scaling\":\"auto\"")
                                .statusCode())
                .isEqualTo(200);
    }

    @Test
    void givesSeveralAnswersToOnePrompt() {
        String options = "\"n\":3,\"max_tokens\":6,\"temperature\":1.8,\"seed\":7";
        JsonNode answer = JSON.readTree(chat(options).body());

        assertThat(answer.get("choices")).hasSize(3);
        assertThat(answer.at("/choices/2/index").intValue()).isEqualTo(2);
        assertThat(answer.at("/usage/completion_tokens").intValue()).isBetween(1, 18);
        List<JsonNode> pieces = pieces(chat(options + ",\"stream\":true"));
        for (int choice = 0; choice < 3; choice++) {
            assertThat(textOf(pieces, choice))
                    .isEqualTo(answer.at("/choices/%d/message/content".formatted(choice))
                            .stringValue());
        }
    }

    @Test
    void tellsHowLikelyTokensWere() {
        String options = "\"max_tokens\":5,\"temperature\":0,\"logprobs\":true,\"top_logprobs\":3";
        JsonNode answer = JSON.readTree(chat(options).body());

        JsonNode content = answer.at("/choices/0/logprobs/content");
        assertThat(content).hasSize(answer.at("/usage/completion_tokens").intValue());
        JsonNode first = content.get(0);
        assertThat(first.get("top_logprobs")).hasSize(3);
        assertThat(first.at("/top_logprobs/0/logprob").doubleValue())
                .isEqualTo(first.get("logprob").doubleValue())
                .isNegative();
        assertThat(first.at("/top_logprobs/0/token")).isEqualTo(first.get("token"));
        long streamed = pieces(chat(options + ",\"stream\":true")).stream()
                .flatMap(piece -> piece.at("/choices/0/logprobs/content").valueStream())
                .count();
        assertThat(streamed).isEqualTo(content.size());
    }

    @Test
    void biasesTokens() {
        JsonNode answer =
                JSON.readTree(chat("\"max_tokens\":4,\"temperature\":0,\"logprobs\":true,\"logit_bias\":{\"40\":100}")
                        .body());
        JsonNode tokens = answer.at("/choices/0/logprobs/content");
        assertThat(tokens).hasSize(4);
        assertThat(tokens.valueStream().map(token -> token.get("token")).distinct())
                .hasSize(1);
    }

    @Test
    void holdsAnswersToRegularExpressionsAndChoices() {
        for (String format : List.of(
                "\"response_format\":{\"type\":\"regex\",\"pattern\":\"(yes|no)!{1,3}\"}",
                "\"guided_regex\":\"(yes|no)!{1,3}\"",
                "\"structured_outputs\":{\"regex\":\"(yes|no)!{1,3}\"}")) {
            assertThat(contentOf(chat(format + ",\"temperature\":2,\"top_p\":1,\"top_k\":0")))
                    .matches("(yes|no)!{1,3}");
        }
        for (String format : List.of(
                "\"response_format\":{\"type\":\"choice\",\"choices\":[\"yes\",\"no\"]}",
                "\"guided_choice\":[\"yes\",\"no\"]",
                "\"structured_outputs\":{\"choice\":[\"yes\",\"no\"]}")) {
            assertThat(contentOf(chat(format + ",\"temperature\":2"))).isIn("yes", "no");
        }
    }

    @Test
    void refusesASchemaNestedAThousandDeep() {
        String schema = "{\"items\":".repeat(1_000) + "{}" + "}".repeat(1_000);
        HttpResponse<String> response = chat(
                "\"response_format\":{\"type\":\"json_schema\",\"json_schema\":{\"schema\":%s}}".formatted(schema));

        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(JSON.readTree(response.body()).at("/error/message").stringValue())
                .contains("nest", "500");
    }

    @Test
    void goesOnWithAPrompt() {
        String options = "\"max_tokens\":5,\"temperature\":0";
        JsonNode answer =
                JSON.readTree(complete("\"prompt\":\"return the\"," + options).body());

        assertThat(answer.get("object").stringValue()).isEqualTo("text_completion");
        String text = answer.at("/choices/0/text").stringValue();
        assertThat(JSON.readTree(complete("\"prompt\":\"return the\",\"echo\":true," + options)
                                .body())
                        .at("/choices/0/text")
                        .stringValue())
                .isEqualTo("return the" + text);
        JsonNode tokens =
                JSON.readTree(post("/tokenize", "{\"prompt\":\"return the\"}").body());
        assertThat(JSON.readTree(complete("\"prompt\":%s,%s".formatted(tokens.get("tokens"), options))
                                .body())
                        .at("/choices/0/text")
                        .stringValue())
                .isEqualTo(text);
        assertThat(textOf(pieces(complete("\"prompt\":\"return the\",\"stream\":true," + options)), 0))
                .isEqualTo(text);
        JsonNode several = JSON.readTree(complete("\"prompt\":[\"return the\",\"a\"],\"n\":2,\"logprobs\":2," + options)
                .body());
        assertThat(several.get("choices")).hasSize(4);
        assertThat(several.at("/choices/1/text").stringValue()).isEqualTo(text);
        assertThat(several.at("/choices/3/logprobs/top_logprobs/0")).isNotEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            "max_tokens":1 | value-missing | prompt
            "prompt":[] | value-invalid | prompt
            "prompt":"" | value-invalid | prompt
            "prompt":[99999] | value-invalid | prompt
            "prompt":{} | value-invalid | prompt
            "prompt":"a","logprobs":true | value-invalid | logprobs
            "prompt":"a","best_of":3 | unsupported | best_of
            "prompt":"a","echo":true,"logprobs":1 | unsupported | echo
            "prompt":[1,2],"suffix":"b" | unsupported | suffix
            """)
    void refusesWrongCompletions(String fields, String code, String param) {
        HttpResponse<String> response = complete(fields);

        assertThat(response.statusCode()).as(response.body()).isEqualTo(400);
        JsonNode error = JSON.readTree(response.body()).get("error");
        assertThat(error.get("code").stringValue()).isEqualTo(code);
        assertThat(error.get("param").stringValue()).isEqualTo(param);
    }

    @Test
    void turnsTextIntoTokensAndBack() {
        JsonNode tokens = JSON.readTree(post("/tokenize", "{\"prompt\":\"return the\",\"return_token_strs\":true}")
                .body());

        assertThat(tokens.get("count").intValue())
                .isEqualTo(tokens.get("tokens").size());
        assertThat(tokens.get("max_model_len").intValue()).isEqualTo(128);
        assertThat(tokens.get("token_strs")
                        .valueStream()
                        .map(JsonNode::stringValue)
                        .reduce("", String::concat))
                .isEqualTo("return the");
        assertThat(JSON.readTree(post("/detokenize", "{\"tokens\":%s}".formatted(tokens.get("tokens")))
                                .body())
                        .get("prompt")
                        .stringValue())
                .isEqualTo("return the");
        JsonNode conversation =
                JSON.readTree(post("/tokenize", "{\"messages\":[{\"role\":\"user\",\"content\":\"return the\"}]}")
                        .body());
        assertThat(conversation.get("count").intValue())
                .isGreaterThan(tokens.get("count").intValue());
        assertThat(post("/detokenize", "{\"tokens\":[-1]}").statusCode()).isEqualTo(400);
        assertThat(post("/tokenize", "{}").statusCode()).isEqualTo(400);
    }

    @Test
    void countsAsVllmDoes() {
        assertThat(chat("\"max_tokens\":3").statusCode()).isEqualTo(200);

        String metrics = get("/actuator/prometheus").body();
        for (String name : List.of(
                "vllm:num_requests_running",
                "vllm:num_requests_waiting",
                "vllm:kv_cache_usage_perc",
                "vllm:prefix_cache_queries_total",
                "vllm:prefix_cache_hits_total",
                "vllm:num_preemptions_total",
                "vllm:prompt_tokens_total",
                "vllm:generation_tokens_total",
                "vllm:time_to_first_token_seconds_bucket",
                "vllm:time_per_output_token_seconds_count",
                "vllm:inter_token_latency_seconds_sum",
                "vllm:e2e_request_latency_seconds_bucket")) {
            assertThat(metrics).containsPattern("(?m)^" + name + "\\{[^}]*model_name=\"qwen2-tied-f32\"");
        }
        assertThat(metrics).contains("vllm:request_success_total{finished_reason=\"length\"");
    }

    @Test
    void answersOthersAfterACallerHasGone() throws IOException {
        HttpResponse<InputStream> stream = send(
                request("/v1/chat/completions")
                        .POST(
                                HttpRequest.BodyPublishers.ofString(
                                        "{\"messages\":[{\"role\":\"user\",\"content\":\"a\"}],\"stream\":true,\"temperature\":2}"))
                        .build(),
                BodyHandlers.ofInputStream());
        stream.body().read();
        stream.body().close();
        assertThat(chat("\"max_tokens\":2").statusCode()).isEqualTo(200);
    }

    private HttpResponse<String> chat(String fields) {
        return post("{\"messages\":[{\"role\":\"user\",\"content\":\"return the value\"}],%s}".formatted(fields));
    }

    private HttpResponse<String> complete(String fields) {
        return post("/v1/completions", "{" + fields + "}");
    }

    private static String contentOf(HttpResponse<String> response) {
        return JSON.readTree(response.body()).at("/choices/0/message/content").stringValue();
    }

    private static List<JsonNode> pieces(HttpResponse<String> response) {
        return response.body()
                .lines()
                .filter(line -> line.startsWith("data: {"))
                .map(line -> JSON.readTree(line.substring(6)))
                .toList();
    }

    /** What a stream says of one of its answers. */
    private static String textOf(List<JsonNode> pieces, int choice) {
        StringBuilder text = new StringBuilder();
        for (JsonNode piece : pieces) {
            for (JsonNode delta : piece.get("choices")) {
                if (delta.get("index").intValue() == choice) {
                    text.append(delta.at("/delta/content").asString(""))
                            .append(delta.path("text").asString(""));
                }
            }
        }
        return text.toString();
    }

    private HttpResponse<String> post(String body) {
        return post("/v1/chat/completions", body);
    }
}
