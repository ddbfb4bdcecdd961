package dev.guildhall.inference.openai;

import dev.guildhall.engine.generation.ContextLimitException;
import dev.guildhall.engine.generation.Generation;
import dev.guildhall.engine.generation.GenerationFailedException;
import dev.guildhall.engine.generation.GenerationListener;
import dev.guildhall.engine.generation.GenerationResult;
import dev.guildhall.engine.generation.LanguageModel;
import dev.guildhall.engine.generation.QueueFullException;
import dev.guildhall.inference.problem.ApiError;
import dev.guildhall.inference.problem.ApiException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.json.JsonMapper;

/**
 * {@code POST /v1/chat/completions}.
 *
 * <p>The thread of the request waits for the engine's words and writes them. While there are none it writes what means
 * nothing, a comment in a stream and a space before JSON: only a write shows that the caller has gone, and then the
 * engine stops at once.
 */
@RestController
class ChatController {

    private static final Logger log = LoggerFactory.getLogger(ChatController.class);
    private static final byte[] ALIVE_IN_STREAM = ": alive\n\n".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] ALIVE_BEFORE_JSON = {' '};

    private final ServedModel served;
    private final ChatRequests requests;
    private final EngineSettings settings;
    private final JsonMapper json;

    ChatController(ServedModel served, ChatRequests requests, EngineSettings settings, JsonMapper json) {
        this.served = served;
        this.requests = requests;
        this.settings = settings;
        this.json = json;
    }

    @PostMapping("/v1/chat/completions")
    void complete(@RequestBody ChatRequest request, HttpServletRequest http, HttpServletResponse response)
            throws IOException, InterruptedException {
        LanguageModel model = served.require().model();
        if (request.model() != null && !request.model().equals(served.name())) {
            throw ApiException.notFound(
                    "model-not-found",
                    "model",
                    "this node serves '%s', not '%s'".formatted(served.name(), request.model()));
        }
        String caller = Optional.ofNullable(http.getRemoteUser()).orElse("");
        // An empty text says that the answer is done: the engine never sends one.
        BlockingQueue<String> pieces = new LinkedBlockingQueue<>();
        GenerationListener listener = request.isStreamed() ? pieces::add : GenerationListener.NONE;
        Generation generation = model.submit(requests.translate(request, model, caller), listener);
        generation.whenDone(() -> pieces.add(""));
        ChatAnswer.Head head = new ChatAnswer.Head(
                "chatcmpl-" + UUID.randomUUID(), Instant.now().getEpochSecond(), served.name());
        try {
            if (request.isStreamed()) {
                stream(head, request.wantsUsage(), pieces, generation, response);
            } else {
                answerAtOnce(head, pieces, generation, response);
            }
        } catch (IOException gone) {
            log.debug("The caller of {} has gone: {}", head.id(), gone.toString());
        } finally {
            generation.cancel();
        }
    }

    private void answerAtOnce(
            ChatAnswer.Head head, BlockingQueue<String> done, Generation generation, HttpServletResponse response)
            throws IOException, InterruptedException {
        response.setContentType(MediaType.APPLICATION_JSON_VALUE);
        OutputStream out = response.getOutputStream();
        var _ = next(done, out, ALIVE_BEFORE_JSON);
        try {
            out.write(json.writeValueAsBytes(head.whole(generation.await())));
        } catch (GenerationFailedException failure) {
            if (!response.isCommitted()) {
                throw failure;
            }
            out.write(json.writeValueAsBytes(error(failure)));
        }
        out.flush();
    }

    private void stream(
            ChatAnswer.Head head,
            boolean wantsUsage,
            BlockingQueue<String> pieces,
            Generation generation,
            HttpServletResponse response)
            throws IOException, InterruptedException {
        response.setContentType(MediaType.TEXT_EVENT_STREAM_VALUE);
        response.setHeader(HttpHeaders.CACHE_CONTROL, "no-store");
        OutputStream out = response.getOutputStream();
        send(out, head.first());
        for (String piece = next(pieces, out, ALIVE_IN_STREAM);
                !piece.isEmpty();
                piece = next(pieces, out, ALIVE_IN_STREAM)) {
            send(out, head.text(piece));
        }
        try {
            GenerationResult result = generation.await();
            send(out, head.last(result));
            if (wantsUsage) {
                send(out, head.usage(result));
            }
        } catch (GenerationFailedException failure) {
            send(out, error(failure));
        }
        out.write("data: [DONE]\n\n".getBytes(StandardCharsets.US_ASCII));
        out.flush();
    }

    private String next(BlockingQueue<String> pieces, OutputStream out, byte[] alive)
            throws IOException, InterruptedException {
        while (true) {
            String piece = pieces.poll(settings.aliveInterval().toMillis(), TimeUnit.MILLISECONDS);
            if (piece != null) {
                return piece;
            }
            out.write(alive);
            out.flush();
        }
    }

    private void send(OutputStream out, Object event) throws IOException {
        out.write("data: ".getBytes(StandardCharsets.US_ASCII));
        out.write(json.writeValueAsBytes(event));
        out.write("\n\n".getBytes(StandardCharsets.US_ASCII));
        out.flush();
    }

    private static ApiError error(GenerationFailedException failure) {
        log.error("An answer broke off", failure);
        return ApiError.of(
                HttpStatus.INTERNAL_SERVER_ERROR, "generation-failed", String.valueOf(failure.getMessage()), null);
    }

    @ExceptionHandler
    ResponseEntity<ApiError> failed(GenerationFailedException failure) {
        return ResponseEntity.internalServerError()
                .contentType(MediaType.APPLICATION_JSON)
                .body(error(failure));
    }

    @ExceptionHandler
    ResponseEntity<ApiError> tooLong(ContextLimitException refusal) {
        return ResponseEntity.badRequest()
                .contentType(MediaType.APPLICATION_JSON)
                .body(ApiError.of(
                        HttpStatus.BAD_REQUEST,
                        "context-length-exceeded",
                        String.valueOf(refusal.getMessage()),
                        "messages"));
    }

    @ExceptionHandler
    ResponseEntity<ApiError> queueFull(QueueFullException refusal) {
        return ResponseEntity.status(HttpStatus.TOO_MANY_REQUESTS)
                .header(
                        HttpHeaders.RETRY_AFTER,
                        Long.toString(refusal.retryAfter().toSeconds()))
                .contentType(MediaType.APPLICATION_JSON)
                .body(ApiError.of(
                        HttpStatus.TOO_MANY_REQUESTS, "queue-full", String.valueOf(refusal.getMessage()), null));
    }
}
