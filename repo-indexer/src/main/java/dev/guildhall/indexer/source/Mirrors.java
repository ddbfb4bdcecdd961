package dev.guildhall.indexer.source;

import dev.guildhall.contract.Failure;
import dev.guildhall.contract.RepositoryRef;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.UUID;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.eclipse.jgit.api.errors.JGitInternalException;
import org.eclipse.jgit.errors.NotSupportedException;
import org.eclipse.jgit.errors.TransportException;
import org.eclipse.jgit.internal.storage.file.FileRepository;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.transport.RefSpec;
import org.eclipse.jgit.transport.TagOpt;
import org.eclipse.jgit.transport.Transport;
import org.eclipse.jgit.transport.URIish;
import org.eclipse.jgit.util.SystemReader;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.util.FileSystemUtils;

/**
 * Keeps a bare mirror of each repository, for this process alone.
 *
 * <p>Nothing of a repository runs: no hooks, no filters, no submodules; no configuration but our own is read; a
 * repository that borrows another's objects is refused, since it could lend us what it does not own.
 */
public final class Mirrors {

    private static final Logger log = LoggerFactory.getLogger(Mirrors.class);

    private static final Set<String> SCHEMES = Set.of("https", "http", "git", "file");
    private static final String SUFFIX = ".git";
    private static final String UNFINISHED = ".cloning-";
    private static final RefSpec BRANCHES = new RefSpec("+refs/heads/*:refs/heads/*");

    private final SourceSettings settings;

    public Mirrors(SourceSettings settings) {
        this.settings = settings;
        SystemReader.setInstance(new OwnConfigurationOnly(SystemReader.getInstance()));
        try {
            Files.createDirectories(settings.mirrors());
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "cannot create the directory of mirrors %s: check GUILDHALL_STATE_DIR"
                            .formatted(settings.mirrors()),
                    e);
        }
    }

    /** The mirror of {@code ref}, with every branch as it is there now. */
    public Mirror refresh(RepositoryRef ref) throws UnreadableRepositoryException {
        URIish location = location(ref);
        Path directory = directory(ref.id());
        try {
            if (Files.isDirectory(directory)) {
                try {
                    removeLocksOfTheDead(directory);
                    fetch(location, directory);
                    return open(ref, directory);
                } catch (IOException | RuntimeException e) {
                    log.warn("The mirror of {} cannot be refreshed ({}): cloning anew", ref.name(), e.getMessage());
                }
            }
            return open(ref, cloneAnew(ref, location, directory));
        } catch (IOException | JGitInternalException e) {
            throw unreadable(ref, String.valueOf(e.getMessage()), e);
        }
    }

    /** Removes what is left of a repository that nobody wants any more. */
    public void remove(UUID repositoryId) {
        delete(directory(repositoryId));
    }

    /** Removes unfinished clones and the mirrors of repositories that are no longer {@code wanted}. */
    public void sweep(Predicate<UUID> wanted) {
        try (Stream<Path> children = Files.list(settings.mirrors())) {
            for (Path child : children.toList()) {
                String name = child.getFileName().toString();
                if (name.contains(UNFINISHED) || (name.endsWith(SUFFIX) && !isWanted(name, wanted))) {
                    log.info("Removing {}", child);
                    delete(child);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot list the mirrors in %s".formatted(settings.mirrors()), e);
        }
    }

    private static boolean isWanted(String name, Predicate<UUID> wanted) {
        try {
            return wanted.test(UUID.fromString(name.substring(0, name.length() - SUFFIX.length())));
        } catch (IllegalArgumentException _) {
            return true;
        }
    }

    private Path directory(UUID repositoryId) {
        return settings.mirrors().resolve(repositoryId + SUFFIX);
    }

    private Path cloneAnew(RepositoryRef ref, URIish location, Path directory) throws IOException {
        Path unfinished = settings.mirrors().resolve(ref.id() + UNFINISHED + UUID.randomUUID());
        try {
            try (Repository created = new FileRepository(unfinished.toFile())) {
                created.create(true);
            }
            fetch(location, unfinished);
            delete(directory);
            return Files.move(unfinished, directory);
        } finally {
            delete(unfinished);
        }
    }

    private void fetch(URIish location, Path directory) throws IOException {
        FetchLimits limits = new FetchLimits(directory, settings);
        try (Repository local = new FileRepository(directory.toFile());
                Transport transport = Transport.open(local, location)) {
            transport.setTimeout(Math.toIntExact(settings.silenceMax().toSeconds()));
            transport.setTagOpt(TagOpt.NO_TAGS);
            transport.setRemoveDeletedRefs(true);
            transport.fetch(limits, Set.of(BRANCHES));
        } catch (NotSupportedException | TransportException e) {
            throw new IOException(limits.exceeded().orElse(String.valueOf(e.getMessage())), e);
        }
        limits.checkSize();
    }

    private Mirror open(RepositoryRef ref, Path directory) throws IOException {
        return new Mirror(ref.name(), new FileRepository(directory.toFile()), settings);
    }

    private URIish location(RepositoryRef ref) throws UnreadableRepositoryException {
        URIish location;
        try {
            location = new URIish(ref.location());
        } catch (URISyntaxException e) {
            throw unreadable(ref, "'%s' is neither a path nor a URL".formatted(ref.location()), e);
        }
        if (location.getPass() != null) {
            throw unreadable(ref, "the location holds a password", null);
        }
        if (location.getScheme() != null && !SCHEMES.contains(location.getScheme())) {
            throw unreadable(
                    ref,
                    "the scheme '%s' is not one of %s"
                            .formatted(
                                    location.getScheme(),
                                    SCHEMES.stream().sorted().toList()),
                    null);
        }
        if (!location.isRemote()) {
            checkLocal(ref, Path.of(location.getPath()));
        }
        return location;
    }

    private static void checkLocal(RepositoryRef ref, Path path) throws UnreadableRepositoryException {
        if (!path.isAbsolute()) {
            throw unreadable(ref, "the path '%s' is not absolute".formatted(path), null);
        }
        if (!Files.isDirectory(path)) {
            throw unreadable(ref, "there is no directory %s".formatted(path), null);
        }
        Path objects = Files.isDirectory(path.resolve(".git/objects"))
                ? path.resolve(".git/objects")
                : path.resolve("objects");
        if (Files.exists(objects.resolve("info/alternates"))) {
            throw new UnreadableRepositoryException(
                    new Failure(
                            "repository-borrows-objects",
                            "%s at %s borrows the objects of another repository (objects/info/alternates)"
                                    .formatted(ref.name(), path),
                            "Run 'git repack -a -d' in it, remove objects/info/alternates, and push again."),
                    null);
        }
    }

    /** A process that was killed leaves locks; no other process writes here, so none of them is held. */
    private static void removeLocksOfTheDead(Path directory) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path lock :
                    files.filter(file -> file.toString().endsWith(".lock")).toList()) {
                Files.deleteIfExists(lock);
            }
        }
    }

    private static UnreadableRepositoryException unreadable(
            RepositoryRef ref, String reason, @Nullable Throwable cause) {
        return new UnreadableRepositoryException(
                new Failure(
                        "repository-unreadable",
                        "%s at %s cannot be read: %s".formatted(ref.name(), ref.location(), reason),
                        "Check that the repository is there and that the indexer may read it, then push to it or"
                                + " register it again."),
                cause);
    }

    private static void delete(Path directory) {
        try {
            FileSystemUtils.deleteRecursively(directory);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot delete %s".formatted(directory), e);
        }
    }
}
