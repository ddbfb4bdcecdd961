package dev.guildhall.platform.problem;

import io.micrometer.core.instrument.MeterRegistry;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.ProblemDetail;
import org.springframework.http.ResponseEntity;
import org.springframework.stereotype.Component;
import tools.jackson.databind.json.JsonMapper;

/** Puts problems into the one form that callers see (RFC 9457), and counts them. */
@Component
public class Problems {

    /** When a caller may try again after something was away. */
    private static final Duration RETRY_AFTER = Duration.ofSeconds(5);

    private final JsonMapper json;
    private final MeterRegistry meters;

    Problems(JsonMapper json, MeterRegistry meters) {
        this.json = json;
        this.meters = meters;
    }

    /** The answer to a request that ran into {@code code}. */
    public ResponseEntity<ProblemDetail> answer(
            ErrorCode code, String detail, List<FieldError> errors, HttpServletRequest request) {
        meters.counter(
                        "guildhall.problems",
                        "code",
                        code.code(),
                        "blame",
                        code.blame().name().toLowerCase(Locale.ROOT))
                .increment();
        ProblemDetail problem = ProblemDetail.forStatusAndDetail(code.status(), detail);
        problem.setType(URI.create("urn:guildhall:problem:" + code.code()));
        problem.setTitle(code.title());
        problem.setInstance(null);
        problem.setProperty("code", code.code());
        problem.setProperty("requestId", RequestIds.of(request));
        if (!errors.isEmpty()) {
            problem.setProperty("errors", errors);
        }
        ResponseEntity.BodyBuilder answer =
                ResponseEntity.status(code.status()).contentType(MediaType.APPLICATION_PROBLEM_JSON);
        if (code.blame() == Blame.RESOURCES) {
            answer.header(HttpHeaders.RETRY_AFTER, Long.toString(RETRY_AFTER.toSeconds()));
        }
        return answer.body(problem);
    }

    /** The same for code that runs outside of controllers, such as filters. */
    public void write(ErrorCode code, String detail, HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        ResponseEntity<ProblemDetail> answer = answer(code, detail, List.of(), request);
        response.setStatus(answer.getStatusCode().value());
        answer.getHeaders().forEach((name, values) -> values.forEach(value -> response.setHeader(name, value)));
        response.getOutputStream().write(json.writeValueAsBytes(answer.getBody()));
    }
}
