package dev.guildhall.inference.openai;

import dev.guildhall.engine.generation.LanguageModel;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Optional;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.JsonNode;

/** {@code POST /v1/completions}: text that goes on, or fills a gap. */
@RestController
class CompletionController {

    private final ServedModel served;
    private final CompletionRequests requests;
    private final Answers answers;

    CompletionController(ServedModel served, CompletionRequests requests, Answers answers) {
        this.served = served;
        this.requests = requests;
        this.answers = answers;
    }

    @PostMapping("/v1/completions")
    void complete(@RequestBody JsonNode body, HttpServletRequest http, HttpServletResponse response)
            throws IOException, InterruptedException {
        Fields fields = Fields.of(body);
        LanguageModel model = served.require(fields.text("model"));
        String caller = Optional.ofNullable(http.getRemoteUser()).orElse("");
        CompletionRequests.Completion completion = requests.translate(fields, model, caller);
        Answers.Delivery delivery = Answers.Delivery.of(fields);
        CompletionAnswer shape =
                new CompletionAnswer(AnswerHead.of("cmpl-", served.name()), completion, model.tokenizer());
        answers.deliver(model, completion.requests(), completion.answersEach(), shape, delivery, response);
    }
}
