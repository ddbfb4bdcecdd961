package dev.guildhall.platform.webhook;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.guildhall.contract.RepositoryRef;
import dev.guildhall.platform.problem.ErrorCode;
import dev.guildhall.platform.problem.GuildhallException;
import dev.guildhall.platform.problem.JsonProblems;
import dev.guildhall.platform.repository.Repositories;
import io.swagger.v3.oas.annotations.Operation;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.time.Clock;
import java.time.Instant;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/**
 * Takes the webhooks of plain-git repositories. Nothing of a body is looked at before its signature is known to be
 * good, and nothing of it is read before the caller names a repository and brings a signature at all.
 */
@RestController
@EnableConfigurationProperties(WebhookSettings.class)
class WebhookController {

    private static final Logger log = LoggerFactory.getLogger(WebhookController.class);
    private static final Pattern DELIVERY = Pattern.compile("[A-Za-z0-9._:-]{1,100}");
    private static final String PULL_REQUEST = "pull_request";
    private static final String PUSH = "push";
    private static final String PING = "ping";

    private final Repositories repositories;
    private final WebhookIntake intake;
    private final JsonMapper json;
    private final Clock clock;
    private final WebhookSettings settings;
    private final BodyReader bodies;

    WebhookController(
            Repositories repositories, WebhookIntake intake, JsonMapper json, Clock clock, WebhookSettings settings) {
        this.repositories = repositories;
        this.intake = intake;
        this.json = json;
        this.clock = clock;
        this.settings = settings;
        this.bodies = new BodyReader(settings.bodyMax(), settings.bodiesInMemoryMax());
    }

    @PostMapping("/webhooks/git/{repositoryId}")
    @ResponseStatus(HttpStatus.ACCEPTED)
    @Operation(
            summary = "Tell what happened in a plain-git repository",
            description = "Body: JSON, signed with the repository's secret. Answered after Kafka has the event. Where"
                    + " there is no review, such as for a draft, the reason says why.")
    Accepted receive(
            @PathVariable UUID repositoryId,
            @RequestHeader(name = "X-Guildhall-Signature-256", required = false) @Nullable String signature,
            @RequestHeader(name = "X-Guildhall-Event", required = false) @Nullable String event,
            @RequestHeader(name = "X-Guildhall-Delivery", required = false) @Nullable String delivery,
            HttpServletRequest request)
            throws IOException {
        RepositoryRef repository = repositories.require(repositoryId).ref();
        Signature claimed = Signature.parse(signature)
                .orElseThrow(() -> refused(repositoryId, "X-Guildhall-Signature-256 is missing or malformed"));
        try (BodyReader.Body body = bodies.read(request.getInputStream(), request.getContentLengthLong())) {
            // From here: the time that a slow sender takes for its body is its own.
            Instant answerBy = clock.instant().plus(settings.answerWithin());
            String secret = repositories
                    .findWebhookSecret(repositoryId)
                    .orElseThrow(() -> refused(repositoryId, "the repository was removed meanwhile"));
            if (!claimed.matches(Signature.of(body.bytes(), secret))) {
                throw refused(repositoryId, "the signature does not fit the body and the repository's secret");
            }
            if (delivery == null || !DELIVERY.matcher(delivery).matches()) {
                throw GuildhallException.invalid(
                        "X-Guildhall-Delivery",
                        "is missing or not an id: send up to 100 letters, digits and any of . _ : -");
            }
            return dispatch(repository, event == null ? "" : event, delivery, body.bytes(), answerBy);
        }
    }

    private Accepted dispatch(
            RepositoryRef repository, String event, String deliveryId, byte[] body, Instant answerBy) {
        WebhookIntake.Delivery delivery = new WebhookIntake.Delivery(repository, deliveryId, event, answerBy);
        return switch (event) {
            case PING -> withoutReview(delivery, NoReview.PING);
            case PUSH -> {
                intake.accept(delivery, parse(body, Payload.Push.class).checked());
                yield withoutReview(delivery, NoReview.PUSH);
            }
            case PULL_REQUEST -> {
                Payload.Checked pullRequest =
                        parse(body, Payload.PullRequest.class).checked();
                Long review = intake.accept(delivery, pullRequest);
                yield review == null
                        ? withoutReview(delivery, pullRequest.noReviewBecause())
                        : new Accepted(deliveryId, event, new ReviewAddress(review, "/reviews/" + review), null);
            }
            default ->
                throw new GuildhallException(
                        ErrorCode.UNKNOWN_WEBHOOK_EVENT,
                        "X-Guildhall-Event is '%s': send %s, %s or %s".formatted(event, PULL_REQUEST, PUSH, PING));
        };
    }

    private static Accepted withoutReview(WebhookIntake.Delivery delivery, @Nullable NoReview reason) {
        if (reason != null) {
            log.info(
                    "delivery {} for {} has no review: {}",
                    delivery.id(),
                    delivery.repository().name(),
                    reason.reason());
        }
        return new Accepted(delivery.id(), delivery.event(), null, reason);
    }

    private <T extends Payload> T parse(byte[] body, Class<T> type) {
        try {
            T payload = json.readValue(body, type);
            if (payload == null) {
                throw new GuildhallException(ErrorCode.MALFORMED_JSON, "the body is null: send an object");
            }
            return payload;
        } catch (JacksonException exception) {
            throw JsonProblems.of(exception);
        }
    }

    private static GuildhallException refused(UUID repositoryId, String reason) {
        log.warn("a webhook for repository {} was refused: {}", repositoryId, reason);
        return new GuildhallException(
                ErrorCode.INVALID_SIGNATURE,
                reason + ": sign the raw body with HMAC-SHA256 and send sha256=<hex digits>");
    }

    /**
     * @param review absent where the event has no review
     * @param reason why it has none, for whoever looks at the forge's log of deliveries
     */
    @JsonInclude(JsonInclude.Include.ALWAYS)
    record Accepted(
            String delivery,
            String event,
            @Nullable ReviewAddress review,
            @Nullable NoReview reason) {}

    /** @param url the review's page, as an absolute path */
    record ReviewAddress(long id, String url) {}
}
