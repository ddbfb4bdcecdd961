package dev.guildhall.inference.openai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import dev.guildhall.engine.cache.KvCache;
import dev.guildhall.engine.format.GgufFile;
import dev.guildhall.engine.generation.Generation;
import dev.guildhall.engine.generation.GenerationListener;
import dev.guildhall.engine.generation.GenerationRequest;
import dev.guildhall.engine.generation.LanguageModel;
import dev.guildhall.engine.generation.LoadOptions;
import dev.guildhall.engine.generation.QueueFullException;
import dev.guildhall.engine.model.Backend;
import dev.guildhall.engine.model.Decoder;
import dev.guildhall.engine.model.Decoders;
import dev.guildhall.engine.model.Logits;
import dev.guildhall.engine.model.ModelConfig;
import dev.guildhall.engine.tensor.KeyValueType;
import dev.guildhall.engine.tokenizer.ChatTemplate;
import dev.guildhall.engine.tokenizer.Tokenizer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.http.ResponseEntity;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.mock.web.MockHttpServletResponse;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The endpoint over a model that takes its time. */
class ChatControllerTest {

    private static final Path MODEL = Path.of("../engine/src/test/resources/golden/qwen2-tied-f32.gguf");
    private static final Duration STEP = Duration.ofMillis(50);

    /** Or the model might end its answer at once. */
    private static final String LONG = "{\"type\":\"string\",\"minLength\":1000}";

    private LanguageModel model;
    private ChatController controller;
    private SimpleMeterRegistry meters;

    @BeforeEach
    void load() throws IOException {
        LoadOptions options = LoadOptions.defaults().withQueue(1, 1);
        try (GgufFile file = GgufFile.open(MODEL)) {
            Tokenizer tokenizer = Tokenizer.fromGguf(MODEL, file.metadata());
            model = LanguageModel.of(
                    new SlowDecoder(Decoders.load(MODEL, Backend.SCALAR, 1)),
                    tokenizer,
                    ChatTemplate.fromGguf(MODEL, file.metadata(), tokenizer).orElseThrow(),
                    options);
        }
        ServedModel served = new ServedModel("tiny", () -> model, 0);
        served.loadInBackground();
        await().ignoreExceptions().until(() -> served.require().model() == model);
        EngineSettings settings = new EngineSettings(
                Backend.SCALAR,
                1,
                1,
                1,
                0,
                KeyValueType.F32,
                List.of(),
                8,
                100,
                0,
                1,
                0,
                Duration.ofMillis(60),
                STEP,
                0);
        meters = new SimpleMeterRegistry();
        controller = new ChatController(
                served,
                new ChatRequests(new GenerationFields(settings)),
                new Answers(settings, new AnswerMeters(meters, served), JsonMapper.shared()));
    }

    @AfterEach
    void close() {
        model.close();
    }

    private static JsonNode request(boolean stream) {
        return JsonMapper.shared().readTree("""
                        {"messages": [{"role": "user", "content": "a"}], "stream": %s,
                         "response_format": {"type": "json_schema", "json_schema": {"schema": %s}}}""".formatted(stream, LONG));
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void stopsTheEngineWhenTheCallerHasGone(boolean stream) throws IOException, InterruptedException {
        long start = System.nanoTime();
        controller.complete(request(stream), new MockHttpServletRequest(), new BrokenResponse());

        await().atMost(Duration.ofSeconds(2)).until(() -> model.runningCount() == 0);
        // A hundred tokens would take five seconds.
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(STEP.multipliedBy(60));
    }

    @Test
    void tellsWhenToComeBackWhenTheQueueIsFull() {
        List<Generation> before = List.of(submit(), awaitRunning(submit()));

        QueueFullException full = catchThrowableOfType(
                QueueFullException.class,
                () -> controller.complete(request(false), new MockHttpServletRequest(), new MockHttpServletResponse()));
        ResponseEntity<?> answer = new GenerationRefusals().queueFull(full);

        assertThat(answer.getStatusCode().value()).isEqualTo(429);
        assertThat(answer.getHeaders().getFirst("Retry-After")).isEqualTo("5");
        before.forEach(Generation::cancel);
    }

    private Generation submit() {
        return model.submit(
                GenerationRequest.of(1, 2, 3).withConstraint(model.jsonSchema(LONG)), GenerationListener.NONE);
    }

    private Generation awaitRunning(Generation waiting) {
        await().until(() -> model.runningCount() == 1 && model.waitingCount() == 1);
        return waiting;
    }

    /** Takes the first bytes, then fails, as a connection does whose other end is closed. */
    private static final class BrokenResponse extends MockHttpServletResponse {

        private int writes;

        @Override
        public ServletOutputStream getOutputStream() {
            return new ServletOutputStream() {
                @Override
                public boolean isReady() {
                    return true;
                }

                @Override
                public void setWriteListener(WriteListener listener) {}

                @Override
                public void write(int value) throws IOException {
                    if (writes++ > 0) {
                        throw new IOException("Broken pipe");
                    }
                }
            };
        }
    }

    private record SlowDecoder(Decoder decoder) implements Decoder {
        @Override
        public ModelConfig config() {
            return decoder.config();
        }

        @Override
        public KvCache openCache(int tokensMax) {
            return decoder.openCache(tokensMax);
        }

        @Override
        public Logits decode(List<Slice> batch) {
            LockSupport.parkNanos(STEP.toNanos());
            return decoder.decode(batch);
        }

        @Override
        public long weightBytes() {
            return decoder.weightBytes();
        }

        @Override
        public void close() {
            decoder.close();
        }
    }
}
