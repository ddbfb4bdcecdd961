package dev.guildhall.engine.model;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Memory that a new process can have: what the machine has free, or less where a control group says so. */
public final class AvailableMemory {

    private static final Pattern AVAILABLE = Pattern.compile("(?m)^MemAvailable:\\s+(\\d+) kB$");
    private static final Pattern NUMBER = Pattern.compile("\\d{1,18}");

    private AvailableMemory() {}

    public static long bytes() {
        return bytes(Path.of("/proc/meminfo"), Path.of("/sys/fs/cgroup"));
    }

    static long bytes(Path memoryInformation, Path controlGroup) {
        Matcher available = AVAILABLE.matcher(read(memoryInformation).orElse(""));
        long machine = available.find() ? Long.parseLong(available.group(1)) * 1024 : freeByManagement();
        OptionalLong limit = number(controlGroup.resolve("memory.max"));
        OptionalLong used = number(controlGroup.resolve("memory.current"));
        return limit.isPresent() ? Math.min(machine, Math.max(0, limit.getAsLong() - used.orElse(0))) : machine;
    }

    private static long freeByManagement() {
        return ManagementFactory.getPlatformMXBean(com.sun.management.OperatingSystemMXBean.class)
                .getFreeMemorySize();
    }

    private static OptionalLong number(Path file) {
        return read(file)
                .map(String::strip)
                .filter(text -> NUMBER.matcher(text).matches())
                .map(text -> OptionalLong.of(Long.parseLong(text)))
                .orElse(OptionalLong.empty());
    }

    private static Optional<String> read(Path file) {
        try {
            return Files.isReadable(file) ? Optional.of(Files.readString(file)) : Optional.empty();
        } catch (IOException unreadable) {
            return Optional.empty();
        }
    }
}
