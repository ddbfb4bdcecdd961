package dev.guildhall.indexer.indexing;

import dev.guildhall.contract.EventHeaders;
import dev.guildhall.contract.Topics;
import dev.guildhall.contract.event.PushEvent;
import dev.guildhall.contract.event.RepositoryRemoved;
import dev.guildhall.indexer.source.Mirrors;
import dev.guildhall.indexer.store.CodeIndex;
import java.nio.charset.StandardCharsets;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.kafka.annotation.KafkaListener;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/**
 * Notes what the forge says, in the database, and comes back at once: the work itself is for {@link IndexWorkers}.
 *
 * <p>A message that comes again asks for a run that finds everything done, so repetition does no harm.
 */
final class ForgeEvents {

    private static final Logger log = LoggerFactory.getLogger(ForgeEvents.class);
    private static final String BRANCH_PREFIX = "refs/heads/";

    private final JsonMapper json;
    private final CodeIndex index;
    private final Mirrors mirrors;
    private final WorkQueue queue;
    private final IndexWorkers workers;

    ForgeEvents(JsonMapper json, CodeIndex index, Mirrors mirrors, WorkQueue queue, IndexWorkers workers) {
        this.json = json;
        this.index = index;
        this.mirrors = mirrors;
        this.queue = queue;
        this.workers = workers;
    }

    @KafkaListener(id = "forge-events", groupId = "${guildhall.indexer.consumer-group}", topics = Topics.PUSH)
    void onMessage(ConsumerRecord<String, byte[]> message) {
        switch (type(message)) {
            case PushEvent.TYPE -> onPush(read(message, PushEvent.class));
            case RepositoryRemoved.TYPE -> onRemoval(read(message, RepositoryRemoved.class));
            case String unknown ->
                throw new MalformedEventException(
                        "unknown event type '%s' in %s".formatted(unknown, message.topic()), null);
        }
    }

    private void onPush(PushEvent push) {
        if (!branch(push.ref()).equals(branch(push.repository().defaultBranch()))) {
            log.debug(
                    "{} of {} is not its default branch: nothing to index",
                    push.ref(),
                    push.repository().name());
            return;
        }
        index.register(push.repository());
        queue.request(push.repository().id());
        workers.wakeUp();
    }

    private void onRemoval(RepositoryRemoved removal) {
        index.remove(removal.repositoryId());
        mirrors.remove(removal.repositoryId());
        log.info("Repository {} is forgotten", removal.repositoryId());
    }

    private static String branch(String ref) {
        return ref.startsWith(BRANCH_PREFIX) ? ref.substring(BRANCH_PREFIX.length()) : ref;
    }

    private static String type(ConsumerRecord<String, byte[]> message) {
        @Nullable Header header = message.headers().lastHeader(EventHeaders.TYPE);
        if (header == null) {
            throw new MalformedEventException(
                    "a message in %s has no header %s".formatted(message.topic(), EventHeaders.TYPE), null);
        }
        return new String(header.value(), StandardCharsets.UTF_8);
    }

    private <T> T read(ConsumerRecord<String, byte[]> message, Class<T> type) {
        try {
            return json.readValue(message.value(), type);
        } catch (JacksonException | IllegalArgumentException e) {
            throw new MalformedEventException(
                    "a message in %s is no %s: %s".formatted(message.topic(), type.getSimpleName(), e.getMessage()), e);
        }
    }
}
