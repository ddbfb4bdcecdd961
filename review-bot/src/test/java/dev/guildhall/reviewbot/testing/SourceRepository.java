package dev.guildhall.reviewbot.testing;

import dev.guildhall.contract.CommitId;
import dev.guildhall.contract.RepositoryRef;
import dev.guildhall.contract.Revision;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.TreeMap;
import java.util.UUID;
import org.eclipse.jgit.dircache.DirCache;
import org.eclipse.jgit.dircache.DirCacheBuilder;
import org.eclipse.jgit.dircache.DirCacheEntry;
import org.eclipse.jgit.lib.CommitBuilder;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.FileMode;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectInserter;
import org.eclipse.jgit.lib.PersonIdent;
import org.eclipse.jgit.lib.RefUpdate;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.storage.file.FileRepositoryBuilder;
import org.eclipse.jgit.treewalk.TreeWalk;

/** A bare repository that tests fill commit by commit, without a work tree: any bytes and any path will do. */
public final class SourceRepository implements AutoCloseable {

    private static final PersonIdent AUTHOR =
            new PersonIdent("Ada", "ada@example.com", Instant.parse("2026-01-02T03:04:05Z"), ZoneOffset.UTC);

    private final Path directory;
    private final UUID id = UUID.randomUUID();
    private final Repository repository;

    private SourceRepository(Path directory, Repository repository) {
        this.directory = directory;
        this.repository = repository;
    }

    public static SourceRepository at(Path directory) {
        try {
            Repository repository = new FileRepositoryBuilder()
                    .setGitDir(directory.toFile())
                    .setBare()
                    .build();
            repository.create(true);
            return new SourceRepository(directory, repository);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public Path directory() {
        return directory;
    }

    public RepositoryRef described() {
        return new RepositoryRef(id, "demo/till", RepositoryRef.Forge.GIT, directory.toString(), "main");
    }

    /** A commit that starts as a copy of {@code parent}, or empty. */
    public Commit commitOn(Revision... parent) {
        return new Commit(parent);
    }

    @Override
    public void close() {
        repository.close();
    }

    /** A tree that grows. */
    public final class Commit {

        private final TreeMap<String, Entry> entries = new TreeMap<>();
        private final Revision[] parents;

        /** The path is the key of the map: each character one byte. */
        private record Entry(FileMode mode, ObjectId id) {}

        Commit(Revision... parents) {
            this.parents = parents;
            if (parents.length > 0) {
                try (var walk = new TreeWalk(repository)) {
                    walk.addTree(repository
                            .parseCommit(ObjectId.fromString(parents[0].commit().value()))
                            .getTree());
                    walk.setRecursive(true);
                    while (walk.next()) {
                        put(walk.getRawPath(), walk.getFileMode(0), walk.getObjectId(0));
                    }
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }
        }

        public Commit file(String path, String content) {
            return file(path, content.getBytes(StandardCharsets.UTF_8));
        }

        public Commit file(String path, byte[] content) {
            return file(path.getBytes(StandardCharsets.UTF_8), FileMode.REGULAR_FILE, content);
        }

        public Commit file(byte[] path, FileMode mode, byte[] content) {
            try (ObjectInserter inserter = repository.newObjectInserter()) {
                put(path, mode, inserter.insert(Constants.OBJ_BLOB, content));
                inserter.flush();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            return this;
        }

        public Commit submodule(String path, String commit) {
            put(path.getBytes(StandardCharsets.UTF_8), FileMode.GITLINK, ObjectId.fromString(commit));
            return this;
        }

        public Commit delete(String path) {
            entries.remove(key(path.getBytes(StandardCharsets.UTF_8)));
            return this;
        }

        /** Writes the commit and moves the branch there. */
        public Revision to(String branch) {
            try (ObjectInserter inserter = repository.newObjectInserter()) {
                DirCache index = DirCache.newInCore();
                DirCacheBuilder builder = index.builder();
                entries.forEach((path, entry) -> {
                    DirCacheEntry cached = new DirCacheEntry(path.getBytes(StandardCharsets.ISO_8859_1));
                    cached.setFileMode(entry.mode());
                    cached.setObjectId(entry.id());
                    builder.add(cached);
                });
                builder.finish();
                CommitBuilder commit = new CommitBuilder();
                commit.setTreeId(index.writeTree(inserter));
                for (Revision parent : parents) {
                    commit.addParentId(ObjectId.fromString(parent.commit().value()));
                }
                commit.setAuthor(AUTHOR);
                commit.setCommitter(AUTHOR);
                commit.setMessage("Change");
                ObjectId commitId = inserter.insert(commit);
                inserter.flush();
                RefUpdate update = repository.updateRef(Constants.R_HEADS + branch);
                update.setNewObjectId(commitId);
                update.forceUpdate();
                return new Revision(branch, new CommitId(commitId.name()));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        private void put(byte[] path, FileMode mode, ObjectId id) {
            entries.put(key(path), new Entry(mode, id));
        }

        private static String key(byte[] path) {
            return new String(path, StandardCharsets.ISO_8859_1);
        }
    }
}
