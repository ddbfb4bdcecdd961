package dev.guildhall.inference.openai;

import dev.guildhall.engine.generation.Generation;
import dev.guildhall.engine.generation.GenerationFailedException;
import dev.guildhall.engine.generation.GenerationListener;
import dev.guildhall.engine.generation.GenerationRequest;
import dev.guildhall.engine.generation.GenerationResult;
import dev.guildhall.engine.generation.LanguageModel;
import dev.guildhall.engine.generation.TokenLogprobs;
import dev.guildhall.inference.problem.ApiError;
import dev.guildhall.inference.problem.ApiException;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CancellationException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.stereotype.Component;
import tools.jackson.databind.json.JsonMapper;

/**
 * Brings the engine's answers to their caller, whole or as they come.
 *
 * <p>The thread of the request waits for the engine's words and writes them. While there are none it writes what means
 * nothing, a comment in a stream and a space before JSON: only a write shows that the caller has gone, and then the
 * engine stops at once.
 */
@Component
class Answers {

    private static final Logger log = LoggerFactory.getLogger(Answers.class);
    private static final byte[] ALIVE_IN_STREAM = ": alive\n\n".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] ALIVE_BEFORE_JSON = {' '};

    private final EngineSettings settings;
    private final AnswerMeters meters;
    private final JsonMapper json;

    Answers(EngineSettings settings, AnswerMeters meters, JsonMapper json) {
        this.settings = settings;
        this.meters = meters;
        this.json = json;
    }

    /** How a caller wants the answers. */
    record Delivery(boolean isStreamed, boolean wantsUsage) {

        static Delivery of(Fields fields) {
            boolean isStreamed = fields.flag("stream", false);
            boolean wantsUsage = fields.object("stream_options")
                    .map(options -> options.flag("include_usage", false))
                    .orElse(false);
            return new Delivery(isStreamed, wantsUsage);
        }
    }

    /**
     * Answers {@code prompts}, each {@code answersEach} times.
     *
     * @throws dev.guildhall.engine.generation.QueueFullException when not all of them can wait
     * @throws dev.guildhall.engine.generation.ContextLimitException when one does not fit
     */
    void deliver(
            LanguageModel model,
            List<GenerationRequest> prompts,
            int answersEach,
            AnswerShape shape,
            Delivery delivery,
            HttpServletResponse response)
            throws IOException, InterruptedException {
        BlockingQueue<AnswerPiece> pieces = new LinkedBlockingQueue<>();
        List<Generation> generations = new ArrayList<>();
        try {
            for (GenerationRequest prompt : prompts) {
                int first = generations.size();
                List<GenerationListener> listeners = IntStream.range(first, first + answersEach)
                        .mapToObj(choice -> listener(choice, pieces))
                        .toList();
                generations.addAll(submit(model, prompt, listeners));
            }
            for (int choice = 0; choice < generations.size(); choice++) {
                AnswerPiece done = new AnswerPiece.Done(choice);
                generations.get(choice).whenDone(() -> pieces.add(done));
            }
            Exchange exchange = new Exchange(pieces, generations, shape, response);
            if (delivery.isStreamed) {
                exchange.stream(delivery.wantsUsage);
            } else {
                exchange.answerAtOnce();
            }
        } catch (IOException gone) {
            log.debug("A caller has gone: {}", gone.toString());
            meters.abandoned(generations.size());
        } finally {
            generations.forEach(Generation::cancel);
        }
    }

    private static List<Generation> submit(
            LanguageModel model, GenerationRequest request, List<GenerationListener> listeners) {
        try {
            return model.submit(request, listeners);
        } catch (IllegalArgumentException refusal) {
            // All else was checked before; which factors there are, only the model knows.
            throw ApiException.badRequest(
                    "value-invalid", "rope_scaling", "rope_scaling cannot be had: " + refusal.getMessage());
        }
    }

    private GenerationListener listener(int choice, BlockingQueue<AnswerPiece> pieces) {
        AnswerMeters.Pace pace = meters.pace();
        return new GenerationListener() {
            @Override
            public void token(int token, @Nullable TokenLogprobs logprobs) {
                pace.token();
                if (logprobs != null) {
                    pieces.add(new AnswerPiece.Token(choice, logprobs));
                }
            }

            @Override
            public void text(String text) {
                pieces.add(new AnswerPiece.Text(choice, text));
            }
        };
    }

    /** One request while it is answered. */
    private final class Exchange {

        private final BlockingQueue<AnswerPiece> pieces;
        private final List<Generation> generations;
        private final AnswerShape shape;
        private final HttpServletResponse response;

        private Exchange(
                BlockingQueue<AnswerPiece> pieces,
                List<Generation> generations,
                AnswerShape shape,
                HttpServletResponse response) {
            this.pieces = pieces;
            this.generations = generations;
            this.shape = shape;
            this.response = response;
        }

        void answerAtOnce() throws IOException, InterruptedException {
            response.setContentType(MediaType.APPLICATION_JSON_VALUE);
            OutputStream out = response.getOutputStream();
            for (int running = generations.size(); running > 0; ) {
                if (next(out, ALIVE_BEFORE_JSON) instanceof AnswerPiece.Done) {
                    running--;
                }
            }
            try {
                List<GenerationResult> results = new ArrayList<>();
                for (Generation generation : generations) {
                    results.add(result(generation));
                }
                out.write(json.writeValueAsBytes(shape.whole(results)));
            } catch (GenerationFailedException failure) {
                if (!response.isCommitted()) {
                    throw failure;
                }
                out.write(json.writeValueAsBytes(error(failure)));
            }
            out.flush();
        }

        void stream(boolean wantsUsage) throws IOException, InterruptedException {
            response.setContentType(MediaType.TEXT_EVENT_STREAM_VALUE);
            response.setHeader(HttpHeaders.CACHE_CONTROL, "no-store");
            OutputStream out = response.getOutputStream();
            send(out, shape.first());
            GenerationResult[] results = new GenerationResult[generations.size()];
            List<List<TokenLogprobs>> logprobs = generations.stream()
                    .map(_ -> (List<TokenLogprobs>) new ArrayList<TokenLogprobs>())
                    .toList();
            try {
                for (int running = generations.size(); running > 0; ) {
                    AnswerPiece piece = next(out, ALIVE_IN_STREAM);
                    List<TokenLogprobs> told = logprobs.get(piece.choice());
                    switch (piece) {
                        case AnswerPiece.Token(int _, TokenLogprobs tokenLogprobs) -> told.add(tokenLogprobs);
                        case AnswerPiece.Text(int choice, String text) -> {
                            send(out, shape.more(choice, text, List.copyOf(told)));
                            told.clear();
                        }
                        case AnswerPiece.Done(int choice) -> {
                            running--;
                            results[choice] = result(generations.get(choice));
                            send(out, shape.last(choice, results[choice], List.copyOf(told)));
                        }
                    }
                }
                if (wantsUsage) {
                    send(out, List.of(shape.usage(List.of(results))));
                }
            } catch (GenerationFailedException failure) {
                send(out, List.of(error(failure)));
            }
            out.write("data: [DONE]\n\n".getBytes(StandardCharsets.US_ASCII));
            out.flush();
        }

        private AnswerPiece next(OutputStream out, byte[] alive) throws IOException, InterruptedException {
            while (true) {
                AnswerPiece piece = pieces.poll(settings.aliveInterval().toMillis(), TimeUnit.MILLISECONDS);
                if (piece != null) {
                    return piece;
                }
                out.write(alive);
                out.flush();
            }
        }

        private void send(OutputStream out, List<?> events) throws IOException {
            for (Object event : events) {
                out.write("data: ".getBytes(StandardCharsets.US_ASCII));
                out.write(json.writeValueAsBytes(event));
                out.write("\n\n".getBytes(StandardCharsets.US_ASCII));
            }
            out.flush();
        }

        private GenerationResult result(Generation generation) throws InterruptedException {
            try {
                GenerationResult result = generation.await();
                meters.answered(result);
                return result;
            } catch (CancellationException _) {
                throw new GenerationFailedException("the answer was broken off: the node shuts down");
            }
        }
    }

    static ApiError error(GenerationFailedException failure) {
        log.error("An answer broke off", failure);
        return ApiError.of(
                HttpStatus.INTERNAL_SERVER_ERROR, "generation-failed", String.valueOf(failure.getMessage()), null);
    }
}
