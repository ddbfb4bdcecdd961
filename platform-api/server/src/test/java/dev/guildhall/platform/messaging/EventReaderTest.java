package dev.guildhall.platform.messaging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.guildhall.contract.EventHeaders;
import dev.guildhall.contract.event.IndexProgress;
import java.nio.charset.StandardCharsets;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

class EventReaderTest {

    private static final String PROGRESS = """
            {"repositoryId":"5b0cf2a4-6d3c-4f5e-9a7b-0c1d2e3f4a5b","state":"RUNNING","filesTotal":4,"filesDone":1,
             "filesSkipped":0,"chunks":9,"occurredAt":"2026-11-01T12:00:00Z","addedLater":true}
            """;

    private final EventReader reader = new EventReader(JsonMapper.builder().build());

    @Test
    void typeHeaderDecidesTheRecord() {
        ReceivedEvent received = reader.read(record("e-1", IndexProgress.TYPE, PROGRESS));
        assertThat(received.id()).isEqualTo("e-1");
        assertThat(received.event())
                .isInstanceOfSatisfying(
                        IndexProgress.class,
                        progress -> assertThat(progress.chunks()).isEqualTo(9));
    }

    @Test
    void whatNoAttemptWouldReadIsRefused() {
        assertThatThrownBy(() -> reader.read(record("e-1", "dev.guildhall.other.v1", PROGRESS)))
                .isInstanceOf(UnreadableEventException.class)
                .hasMessageContaining("dev.guildhall.other.v1");
        assertThatThrownBy(() -> reader.read(record("e-1", IndexProgress.TYPE, "{\"filesTotal\":")))
                .isInstanceOf(UnreadableEventException.class);
        assertThatThrownBy(() -> reader.read(record("e-1", IndexProgress.TYPE, "null")))
                .isInstanceOf(UnreadableEventException.class);
        assertThatThrownBy(() -> reader.read(record(null, IndexProgress.TYPE, PROGRESS)))
                .isInstanceOf(UnreadableEventException.class)
                .hasMessageContaining(EventHeaders.ID);
    }

    private static ConsumerRecord<String, byte[]> record(@Nullable String id, String type, String value) {
        ConsumerRecord<String, byte[]> record =
                new ConsumerRecord<>("topic", 0, 0, "key", value.getBytes(StandardCharsets.UTF_8));
        if (id != null) {
            record.headers().add(EventHeaders.ID, id.getBytes(StandardCharsets.UTF_8));
        }
        record.headers().add(EventHeaders.TYPE, type.getBytes(StandardCharsets.UTF_8));
        return record;
    }
}
