package dev.guildhall.inference.openai;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.guildhall.inference.problem.ApiException;
import java.util.List;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;

/** {@code GET /v1/models}: what can be chatted with. */
@RestController
class ModelsController {

    private final ServedModel served;

    ModelsController(ServedModel served) {
        this.served = served;
    }

    record Models(String object, List<Model> data) {}

    /** @param contextTokens longest prompt and answer together, under the name that vLLM gives it */
    record Model(
            String id,
            String object,
            long created,
            @JsonProperty("owned_by") String ownedBy,
            @JsonProperty("max_model_len") int contextTokens) {}

    @GetMapping("/v1/models")
    Models models() {
        return new Models("list", List.of(model()));
    }

    @GetMapping("/v1/models/{id}")
    Model model(@PathVariable String id) {
        Model model = model();
        if (!model.id.equals(id)) {
            throw ApiException.notFound(
                    "model-not-found", "model", "this node serves '%s', not '%s'".formatted(model.id, id));
        }
        return model;
    }

    private Model model() {
        ServedModel.State.Ready ready = served.require();
        return new Model(
                served.name(),
                "model",
                ready.since().getEpochSecond(),
                "guildhall",
                ready.model().contextTokens());
    }
}
