package dev.guildhall.platform.review.web;

import dev.guildhall.platform.problem.ErrorCode;
import dev.guildhall.platform.problem.GuildhallException;
import dev.guildhall.platform.review.ReviewMoment;
import dev.guildhall.platform.review.ReviewState;
import dev.guildhall.platform.review.ReviewStreams;
import dev.guildhall.platform.review.Reviews;
import io.swagger.v3.oas.annotations.Operation;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.json.JsonMapper;

/** Reviews as live streams. */
@RestController
@RequestMapping(path = "/api/v1/reviews", produces = MediaType.TEXT_EVENT_STREAM_VALUE)
class ReviewEventController {

    private static final Logger log = LoggerFactory.getLogger(ReviewEventController.class);
    private static final int CHANGES_AT_ONCE = 100;

    private final Reviews reviews;
    private final ReviewStreams streams;
    private final JsonMapper json;

    ReviewEventController(Reviews reviews, ReviewStreams streams, JsonMapper json) {
        this.reviews = reviews;
        this.streams = streams;
        this.json = json;
    }

    /** Writes what is new since {@code seen} and returns the id of the last event, or a negative one at the end. */
    private interface Writer {
        long write(EventStream stream, long seen) throws IOException;
    }

    private static final long END = -1;

    @GetMapping("/{id}/events")
    @Operation(
            summary = "Follow one review",
            description = "Events: `progress` with all steps of the attempt so far, then `completed`, which ends it.")
    void review(
            @PathVariable long id,
            @RequestHeader(name = "Last-Event-ID", required = false) @Nullable String lastEventId,
            HttpServletResponse response) {
        try (ReviewStreams.Subscription subscription = streams.follow(id)) {
            if (reviews.findMoment(id).isEmpty()) {
                throw new GuildhallException(ErrorCode.REVIEW_NOT_FOUND, "there is no review %d".formatted(id));
            }
            follow(subscription, response, parse(lastEventId).orElse(0L), (stream, seen) -> {
                Optional<ReviewMoment> now = reviews.findMoment(id);
                if (now.isEmpty()) {
                    return END;
                }
                ReviewMoment moment = now.get();
                if (moment.id() > seen) {
                    stream.send("progress", moment.id(), moment);
                }
                if (moment.state().isEnd()) {
                    stream.send("completed", moment.id(), new Completed(moment.state()));
                    return END;
                }
                return moment.id();
            });
        }
    }

    @GetMapping("/events")
    @Operation(summary = "Follow all reviews", description = "Event: `review` with the summary of one that changed.")
    void all(
            @RequestHeader(name = "Last-Event-ID", required = false) @Nullable String lastEventId,
            HttpServletResponse response) {
        try (ReviewStreams.Subscription subscription = streams.followAll()) {
            long since = parse(lastEventId).orElseGet(reviews::latestVersion);
            follow(subscription, response, since, (stream, seen) -> {
                long last = seen;
                for (Reviews.Change change : reviews.findChangedAfter(seen, CHANGES_AT_ONCE)) {
                    stream.send("review", change.version(), change.review());
                    last = change.version();
                }
                return last;
            });
        }
    }

    private void follow(
            ReviewStreams.Subscription subscription, HttpServletResponse response, long since, Writer writer) {
        long ends = System.nanoTime() + streams.lifetime().toNanos();
        try {
            EventStream stream = EventStream.begin(response, json);
            long seen = since;
            while (subscription.isOpen() && System.nanoTime() < ends) {
                long last = writer.write(stream, seen);
                if (last == END) {
                    return;
                }
                if (last == seen) {
                    stream.heartbeat();
                    subscription.await(streams.heartbeat());
                }
                seen = last;
            }
        } catch (IOException exception) {
            log.debug("a reader left its stream: {}", exception.getMessage());
        } catch (InterruptedException exception) {
            Thread.currentThread().interrupt();
        }
    }

    private static Optional<Long> parse(@Nullable String lastEventId) {
        try {
            return lastEventId == null ? Optional.empty() : Optional.of(Long.parseLong(lastEventId.strip()));
        } catch (NumberFormatException exception) {
            // Not an id of ours: as if the reader had seen nothing.
            return Optional.empty();
        }
    }

    record Completed(ReviewState state) {}
}
