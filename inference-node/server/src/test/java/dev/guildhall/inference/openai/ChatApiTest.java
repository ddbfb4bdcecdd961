package dev.guildhall.inference.openai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalServerPort;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Chat over HTTP, with a real model file of random weights: what it says is noise, how it says it is not. */
@SpringBootTest(
        webEnvironment = WebEnvironment.RANDOM_PORT,
        properties = {
            // SHA-256 of "a-key"
            "guildhall.inference.api-key-sha256=2a8a1240f50636655520ac8ed22aa29473b8517b4abfdbc3bc03bcad73fc8849",
            "guildhall.inference.model=../engine/src/test/resources/golden/qwen2-tied-f32.gguf",
            "guildhall.embedding.native-directory=target/native",
            "guildhall.models.directory=target/models"
        })
class ChatApiTest {

    private static final JsonMapper JSON = JsonMapper.shared();

    private final HttpClient client = HttpClient.newHttpClient();

    @LocalServerPort
    private int port;

    @BeforeEach
    void awaitModel() {
        await().until(() -> get("/v1/models").statusCode() == 200);
    }

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
        assertThat(error.get("code").stringValue()).isEqualTo("context-length-exceeded");
        assertThat(error.get("type").stringValue()).isEqualTo("invalid_request_error");
        assertThat(error.get("message").stringValue()).contains("the context of 128 tokens");
        assertThat(chat("\"max_tokens\":128").statusCode()).isEqualTo(400);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            "model":"gpt-5" | 404 | model-not-found | model
            "n":2 | 400 | unsupported | n
            "logprobs":true | 400 | unsupported | logprobs
            "tools":[{"type":"function"}] | 400 | unsupported | tools
            "presence_penalty":0.5 | 400 | unsupported | presence_penalty
            "max_tokens":0 | 400 | max-tokens-invalid | max_tokens
            "temperature":-1 | 400 | sampling-invalid | temperature
            "top_p":0 | 400 | sampling-invalid | top_p
            "stop":[""] | 400 | stop-invalid | stop
            "stop":5 | 400 | stop-invalid | stop
            "response_format":{"type":"xml"} | 400 | response-format-unknown | response_format.type
            "response_format":{"type":"json_schema"} | 400 | schema-missing | response_format.json_schema.schema
            "response_format":{"type":"json_schema","json_schema":{"schema":{"not":{}}}} | 400 | schema-unsupported | response_format.json_schema.schema
            "messages":[] | 400 | messages-invalid | messages
            "messages":[{"role":"wizard","content":"a"}] | 400 | role-unknown | messages[0].role
            "messages":[{"role":"user","content":[{"type":"image_url"}]}] | 400 | content-unsupported | messages[0].content
            """)
    void refusesInOpenAisShape(String fields, int status, String code, String param) {
        HttpResponse<String> response = fields.contains("\"messages\"") ? post("{" + fields + "}") : chat(fields);

        assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
        JsonNode error = JSON.readTree(response.body()).get("error");
        assertThat(error.get("code").stringValue()).isEqualTo(code);
        assertThat(error.get("param").stringValue()).isEqualTo(param);
        assertThat(error.get("message").stringValue()).isNotBlank();
    }

    @Test
    void acceptsWhatChangesNothing() {
        assertThat(chat("\"n\":1,\"max_tokens\":1,\"tools\":[],\"presence_penalty\":0,\"store\":false,\"stop\":null")
                        .statusCode())
                .isEqualTo(200);
    }

    @Test
    void answersOthersAfterACallerHasGone() throws IOException, InterruptedException {
        HttpResponse<InputStream> stream = client.send(
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

    private HttpResponse<String> post(String body) {
        return send(request("/v1/chat/completions")
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build());
    }

    private HttpResponse<String> get(String path) {
        return send(request(path).build());
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:%d%s".formatted(port, path)))
                .header("Authorization", "Bearer a-key")
                .header("Content-Type", "application/json");
    }

    private HttpResponse<String> send(HttpRequest request) {
        try {
            return client.send(request, BodyHandlers.ofString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
