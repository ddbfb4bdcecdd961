package dev.guildhall.reviewbot.reviewer.model;

import com.openai.errors.OpenAIException;
import com.openai.errors.OpenAIIoException;
import com.openai.errors.OpenAIServiceException;
import dev.guildhall.reviewbot.reviewer.ModelUsage;
import java.time.Duration;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.ai.chat.messages.SystemMessage;
import org.springframework.ai.chat.messages.UserMessage;
import org.springframework.ai.chat.metadata.Usage;
import org.springframework.ai.chat.model.ChatModel;
import org.springframework.ai.chat.model.ChatResponse;
import org.springframework.ai.chat.prompt.Prompt;
import org.springframework.ai.openai.OpenAiChatOptions;
import org.springframework.security.oauth2.core.OAuth2AuthorizationException;

/** Asks the model questions whose answers have a schema, and waits while it is away. */
final class ModelClient {

    private static final Logger log = LoggerFactory.getLogger(ModelClient.class);

    private static final Duration PAUSE_FIRST = Duration.ofMillis(500);
    private static final Duration PAUSE_MAX = Duration.ofSeconds(10);
    private static final int TOO_MANY_REQUESTS = 429;
    private static final int SERVER_ERRORS = 500;

    private final ChatModel chat;
    private final String model;
    private final Duration patience;

    ModelClient(ChatModel chat, String model, Duration patience) {
        this.chat = chat;
        this.model = model;
        this.patience = patience;
    }

    String model() {
        return model;
    }

    /** What the model said and what it cost; the text may end early where the answer hit its limit. */
    record Answer(String text, ModelUsage usage) {}

    Answer ask(String instructions, String question, String schema, int answerTokensMax)
            throws ModelException, InterruptedException {
        Prompt prompt = new Prompt(
                List.of(new SystemMessage(instructions), new UserMessage(question)),
                OpenAiChatOptions.builder()
                        .model(model)
                        .temperature(0.0)
                        .maxTokens(answerTokensMax)
                        .outputSchema(schema)
                        .build());
        long deadline = System.nanoTime() + patience.toNanos();
        Duration pause = PAUSE_FIRST;
        while (true) {
            long start = System.nanoTime();
            try {
                return answer(chat.call(prompt), start);
            } catch (OpenAIException | OAuth2AuthorizationException e) {
                if (!isPassing(e) || System.nanoTime() + pause.toNanos() > deadline) {
                    throw new ModelException(describe(e), !isPassing(e), e);
                }
                log.info("model {} did not answer, asking again in {}: {}", model, pause, describe(e));
                Thread.sleep(pause);
                pause = pause.multipliedBy(2).compareTo(PAUSE_MAX) < 0 ? pause.multipliedBy(2) : PAUSE_MAX;
            }
        }
    }

    private static Answer answer(ChatResponse response, long start) {
        Usage usage = response.getMetadata().getUsage();
        var result = response.getResult();
        String text = result == null ? null : result.getOutput().getText();
        return new Answer(
                text == null ? "" : text,
                new ModelUsage(
                        1,
                        usage.getPromptTokens() == null ? 0 : usage.getPromptTokens(),
                        usage.getCompletionTokens() == null ? 0 : usage.getCompletionTokens(),
                        Duration.ofNanos(System.nanoTime() - start).toMillis()));
    }

    /** What may be gone when it is tried again: a node that starts, is busy, or was cut off. */
    private static boolean isPassing(RuntimeException e) {
        return switch (e) {
            case OpenAIServiceException service ->
                service.statusCode() == TOO_MANY_REQUESTS || service.statusCode() >= SERVER_ERRORS;
            case OpenAIIoException _, OAuth2AuthorizationException _ -> true;
            default -> false;
        };
    }

    private static String describe(RuntimeException e) {
        Throwable cause = e.getCause() == null ? e : e.getCause();
        return "%s: %s".formatted(cause.getClass().getSimpleName(), cause.getMessage());
    }

    /** The model could not be asked. */
    static final class ModelException extends Exception {

        private static final long serialVersionUID = 1L;

        private final boolean refused;

        ModelException(String message, boolean refused, Throwable cause) {
            super(message, cause);
            this.refused = refused;
        }

        /** Whether the model refused this one question, so that another may well be answered. */
        boolean refused() {
            return refused;
        }
    }
}
