package dev.guildhall.reviewbot.forge.git;

import dev.guildhall.contract.CommitId;
import dev.guildhall.contract.Failure;
import dev.guildhall.contract.RepositoryRef;
import dev.guildhall.contract.Revision;
import dev.guildhall.reviewbot.forge.DiffLimits;
import dev.guildhall.reviewbot.forge.Forge;
import dev.guildhall.reviewbot.forge.ForgeException;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import org.eclipse.jgit.errors.MissingObjectException;
import org.eclipse.jgit.errors.NotSupportedException;
import org.eclipse.jgit.errors.TransportException;
import org.eclipse.jgit.lib.NullProgressMonitor;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.RefUpdate;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.revwalk.RevWalk;
import org.eclipse.jgit.storage.file.FileRepositoryBuilder;
import org.eclipse.jgit.transport.FetchResult;
import org.eclipse.jgit.transport.RefSpec;
import org.eclipse.jgit.transport.TagOpt;
import org.eclipse.jgit.transport.Transport;
import org.eclipse.jgit.transport.URIish;
import org.eclipse.jgit.util.FileUtils;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Repositories that git alone serves: a path or a URL.
 *
 * <p>Each repository has a bare mirror here. Nothing of it is ever checked out, so that no hook, filter, submodule or
 * link of a repository has anything to act on.
 */
final class GitForge implements Forge {

    private static final Logger log = LoggerFactory.getLogger(GitForge.class);

    private static final Set<String> SCHEMES = Set.of("http", "https", "file");
    private static final RefSpec BRANCHES = new RefSpec("+refs/heads/*:refs/heads/*");
    private static final RefSpec ALL_REFS = new RefSpec("+refs/*:refs/announced/*");

    private final Path mirrors;
    private final Duration timeout;
    private final int renameCandidatesMax;
    private final Map<UUID, ReentrantLock> locks = new ConcurrentHashMap<>();

    GitForge(Path mirrors, Duration timeout, int renameCandidatesMax) {
        this.mirrors = mirrors;
        this.timeout = timeout;
        this.renameCandidatesMax = renameCandidatesMax;
    }

    @Override
    public RepositoryRef.Forge kind() {
        return RepositoryRef.Forge.GIT;
    }

    @Override
    public Checkout fetch(RepositoryRef repository, Revision base, Revision head, DiffLimits limits)
            throws ForgeException {
        URIish location = location(repository);
        ReentrantLock lock = locks.computeIfAbsent(repository.id(), _ -> new ReentrantLock());
        lock.lock();
        try {
            Path mirror = mirrors.resolve(repository.id() + ".git");
            try {
                return fetch(repository, location, mirror, base, head, limits);
            } catch (MirrorDamagedException e) {
                log.warn("mirror {} of {} is damaged, making it afresh: {}", mirror, repository.name(), e.getMessage());
                FileUtils.delete(mirror.toFile(), FileUtils.RECURSIVE | FileUtils.SKIP_MISSING);
                return fetch(repository, location, mirror, base, head, limits);
            }
        } catch (MirrorDamagedException | IOException e) {
            throw new ForgeException(
                    new Failure(
                            "mirror-unusable",
                            "the mirror of %s under %s cannot be used: %s"
                                    .formatted(repository.name(), mirrors, e.getMessage()),
                            "Check that review-bot's state directory is writable and its disk has room, then run the"
                                    + " review again."),
                    e);
        } finally {
            lock.unlock();
        }
    }

    private Checkout fetch(
            RepositoryRef repository, URIish location, Path mirror, Revision base, Revision head, DiffLimits limits)
            throws ForgeException, MirrorDamagedException, IOException {
        Repository local = open(mirror);
        boolean handedOn = false;
        try {
            pull(local, location, repository, List.of(BRANCHES), true);
            if (!has(local, base.commit()) || !has(local, head.commit())) {
                pull(local, location, repository, List.of(ALL_REFS), false);
            }
            for (Revision revision : List.of(base, head)) {
                if (!has(local, revision.commit())) {
                    pullCommit(local, location, repository, revision);
                }
            }
            Checkout checkout =
                    GitCheckout.of(local, repository, base.commit(), head.commit(), limits, renameCandidatesMax);
            handedOn = true;
            return checkout;
        } catch (MissingObjectException e) {
            throw new MirrorDamagedException("object " + e.getObjectId().name() + " is missing", e);
        } finally {
            if (!handedOn) {
                local.close();
            }
        }
    }

    private static Repository open(Path mirror) throws MirrorDamagedException {
        try {
            Repository repository = new FileRepositoryBuilder()
                    .setGitDir(mirror.toFile())
                    .setBare()
                    .build();
            if (!Files.exists(mirror)) {
                Files.createDirectories(mirror);
                repository.create(true);
            } else if (!Files.exists(mirror.resolve("HEAD")) || !Files.exists(mirror.resolve("objects"))) {
                repository.close();
                throw new IOException("it is incomplete");
            }
            return repository;
        } catch (IOException | IllegalStateException e) {
            throw new MirrorDamagedException(String.valueOf(e.getMessage()), e);
        }
    }

    private void pull(
            Repository local, URIish location, RepositoryRef repository, List<RefSpec> refs, boolean dropDeletedRefs)
            throws ForgeException, MirrorDamagedException {
        try (Transport transport = Transport.open(local, location)) {
            transport.setTimeout(timeoutSeconds());
            transport.setTagOpt(TagOpt.NO_TAGS);
            transport.setRemoveDeletedRefs(dropDeletedRefs);
            FetchResult result = transport.fetch(NullProgressMonitor.INSTANCE, refs);
            for (var update : result.getTrackingRefUpdates()) {
                RefUpdate.Result outcome = update.getResult();
                if (outcome == RefUpdate.Result.LOCK_FAILURE || outcome == RefUpdate.Result.IO_FAILURE) {
                    throw new MirrorDamagedException(
                            "ref %s could not be written (%s)".formatted(update.getLocalName(), outcome),
                            new IOException(outcome.name()));
                }
            }
        } catch (NotSupportedException | TransportException e) {
            throw unreadable(repository, e);
        } catch (RuntimeException e) {
            // JGit wraps some failures of a source that changes under its feet in unchecked exceptions.
            throw unreadable(repository, e);
        }
    }

    private int timeoutSeconds() {
        return (int) Math.min(Integer.MAX_VALUE, Math.max(1, timeout.toSeconds()));
    }

    /** Commits that no ref reaches: some servers hand them out when asked by name. */
    private void pullCommit(Repository local, URIish location, RepositoryRef repository, Revision revision)
            throws ForgeException, MirrorDamagedException {
        CommitId commit = revision.commit();
        try {
            pull(local, location, repository, List.of(new RefSpec(commit + ":refs/requested/" + commit)), false);
        } catch (ForgeException e) {
            log.debug("{} does not hand out {} by name", repository.name(), commit, e);
        }
        if (!has(local, commit)) {
            throw new ForgeException(
                    new Failure(
                            "commit-not-found",
                            "no ref of %s at %s reaches commit %s (announced as %s)"
                                    .formatted(repository.name(), repository.location(), commit, revision.ref()),
                            "Push the branch that holds the commit, then run the review again."),
                    null);
        }
    }

    private static boolean has(Repository local, CommitId commit) {
        if (commit.value().length() != 40) {
            return false;
        }
        try (RevWalk walk = new RevWalk(local)) {
            walk.parseCommit(ObjectId.fromString(commit.value()));
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    private static URIish location(RepositoryRef repository) throws ForgeException {
        try {
            URIish location = new URIish(repository.location());
            if (location.getScheme() == null) {
                Path path = Path.of(repository.location());
                if (location.getHost() != null || !path.isAbsolute()) {
                    throw refused(repository, "is neither an absolute path nor a URL");
                }
                if (!Files.isDirectory(path)) {
                    throw unreadable(repository, new IOException("there is no directory " + path));
                }
                return location;
            }
            if (!SCHEMES.contains(location.getScheme())) {
                throw refused(repository, "has the scheme '%s'".formatted(location.getScheme()));
            }
            return location;
        } catch (URISyntaxException | IllegalArgumentException e) {
            throw refused(repository, "cannot be read as a path or URL");
        }
    }

    private static ForgeException refused(RepositoryRef repository, String what) {
        return new ForgeException(
                new Failure(
                        "repository-location-refused",
                        "location '%s' of %s %s".formatted(repository.location(), repository.name(), what),
                        "Register the repository with an absolute path, or with an http, https or file URL."),
                null);
    }

    private static ForgeException unreadable(RepositoryRef repository, Exception cause) {
        return new ForgeException(
                new Failure(
                        "repository-unreadable",
                        "%s at %s could not be read: %s"
                                .formatted(repository.name(), repository.location(), cause.getMessage()),
                        "Check that the repository is there and that review-bot may read it, then run the review"
                                + " again."),
                cause);
    }
}
