package dev.guildhall.inference.openai;

import dev.guildhall.engine.generation.LanguageModel;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.JsonNode;

/** {@code POST /v1/chat/completions}. */
@RestController
class ChatController {

    private final ServedModel served;
    private final ChatRequests requests;
    private final Answers answers;

    ChatController(ServedModel served, ChatRequests requests, Answers answers) {
        this.served = served;
        this.requests = requests;
        this.answers = answers;
    }

    @PostMapping("/v1/chat/completions")
    void complete(@RequestBody JsonNode body, HttpServletRequest http, HttpServletResponse response)
            throws IOException, InterruptedException {
        Fields fields = Fields.of(body);
        LanguageModel model = served.require(fields.text("model"));
        String caller = Optional.ofNullable(http.getRemoteUser()).orElse("");
        ChatRequests.Chat chat = requests.translate(fields, model, caller);
        Answers.Delivery delivery = Answers.Delivery.of(fields);
        ChatAnswer shape = new ChatAnswer(AnswerHead.of("chatcmpl-", served.name()), chat, model.tokenizer());
        answers.deliver(model, List.of(chat.request()), chat.answerCount(), shape, delivery, response);
    }
}
