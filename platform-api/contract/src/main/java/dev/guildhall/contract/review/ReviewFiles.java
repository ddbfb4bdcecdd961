package dev.guildhall.contract.review;

import java.util.UUID;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.service.annotation.GetExchange;
import org.springframework.web.service.annotation.HttpExchange;

/** What review-bot hands out of a review beside its events: diffs, which are too large for Kafka. */
@HttpExchange("/internal/v1/reviews")
public interface ReviewFiles {

    /**
     * The diff of one file as the review read it. Answers 404 where there is no such review or file.
     *
     * @param head full commit id of the reviewed head
     * @param index the file's place in the diff, from 0
     */
    @GetExchange("/{repositoryId}/{number}/{head}/files/{index}")
    FilePatch patch(
            @PathVariable UUID repositoryId,
            @PathVariable int number,
            @PathVariable String head,
            @PathVariable int index);
}
