package dev.guildhall.inference.openai;

import java.time.Instant;
import java.util.UUID;

/** What all pieces of an answer share. */
record AnswerHead(String id, long created, String model) {

    static AnswerHead of(String prefix, String model) {
        return new AnswerHead(prefix + UUID.randomUUID(), Instant.now().getEpochSecond(), model);
    }
}
