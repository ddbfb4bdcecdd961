package dev.guildhall.engine.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AvailableMemoryTest {

    @TempDir
    private Path root;

    @Test
    void isWhatTheMachineHasFree() throws IOException {
        Path information = Files.writeString(root.resolve("meminfo"), "MemTotal: 9 kB\nMemAvailable:    4 kB\n");

        assertThat(AvailableMemory.bytes(information, root)).isEqualTo(4_096);
    }

    @Test
    void isWhatTheControlGroupLeaves() throws IOException {
        Path information = Files.writeString(root.resolve("meminfo"), "MemAvailable:    4000 kB\n");
        Files.writeString(root.resolve("memory.max"), "3000\n");
        Files.writeString(root.resolve("memory.current"), "1000\n");

        assertThat(AvailableMemory.bytes(information, root)).isEqualTo(2_000);
    }

    @Test
    void ignoresAControlGroupWithoutLimit() throws IOException {
        Path information = Files.writeString(root.resolve("meminfo"), "MemAvailable:    4 kB\n");
        Files.writeString(root.resolve("memory.max"), "max\n");

        assertThat(AvailableMemory.bytes(information, root)).isEqualTo(4_096);
    }
}
