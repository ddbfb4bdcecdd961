package dev.guildhall.indexer.source;

import dev.guildhall.contract.CommitId;
import dev.guildhall.contract.Failure;
import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.eclipse.jgit.errors.LargeObjectException;
import org.eclipse.jgit.errors.MissingObjectException;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.FileMode;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectLoader;
import org.eclipse.jgit.lib.ObjectReader;
import org.eclipse.jgit.lib.Ref;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.revwalk.RevWalk;
import org.eclipse.jgit.treewalk.TreeWalk;
import org.jspecify.annotations.Nullable;

/** Our own bare copy of a repository, as of its last refresh. Contents are read as blobs: nothing is ever checked out. */
public final class Mirror implements AutoCloseable {

    private static final int NAMES_SHOWN_MAX = 10;

    private final String repositoryName;
    private final Repository repository;
    private final SourceSettings settings;

    Mirror(String repositoryName, Repository repository, SourceSettings settings) {
        this.repositoryName = repositoryName;
        this.repository = repository;
        this.settings = settings;
    }

    /** The commit at the tip of {@code branch}; nothing when the repository has no commits at all. */
    public Optional<CommitId> head(String branch) throws UnreadableRepositoryException {
        String name = branch.startsWith(Constants.R_HEADS) ? branch : Constants.R_HEADS + branch;
        try {
            @Nullable Ref ref = repository.exactRef(name);
            if (ref != null && ref.getObjectId() != null) {
                return Optional.of(new CommitId(ref.getObjectId().name()));
            }
            List<String> branches = repository.getRefDatabase().getRefsByPrefix(Constants.R_HEADS).stream()
                    .map(each -> Repository.shortenRefName(each.getName()))
                    .toList();
            if (branches.isEmpty()) {
                return Optional.empty();
            }
            throw new UnreadableRepositoryException(
                    new Failure(
                            "branch-missing",
                            "%s has no branch '%s'; it has %s%s"
                                    .formatted(
                                            repositoryName,
                                            branch,
                                            String.join(
                                                    ", ",
                                                    branches.stream()
                                                            .limit(NAMES_SHOWN_MAX)
                                                            .toList()),
                                            branches.size() > NAMES_SHOWN_MAX ? " and others" : ""),
                            "Register the repository with the branch that it has, or push that branch."),
                    null);
        } catch (IOException e) {
            throw unreadable(e);
        }
    }

    /** The files of {@code commit} that may be worth indexing. */
    public Listing listing(CommitId commit) throws UnreadableRepositoryException {
        List<SourceFile> files = new ArrayList<>();
        Set<String> paths = new HashSet<>();
        Map<SkipReason, Integer> skipped = new EnumMap<>(SkipReason.class);
        try (ObjectReader reader = repository.newObjectReader();
                RevWalk commits = new RevWalk(reader);
                TreeWalk walk = new TreeWalk(repository, reader)) {
            walk.addTree(
                    commits.parseCommit(ObjectId.fromString(commit.value())).getTree());
            walk.setRecursive(true);
            while (walk.next()) {
                String path = TextDecoder.decodePath(walk.getRawPath());
                Optional<SkipReason> reason = skipReason(walk, path, reader);
                if (reason.isEmpty() && !paths.add(path)) {
                    reason = Optional.of(SkipReason.UNREADABLE);
                }
                if (reason.isPresent()) {
                    skipped.merge(reason.get(), 1, Integer::sum);
                    continue;
                }
                files.add(new SourceFile(path, walk.getObjectId(0).name()));
                if (files.size() > settings.filesMax()) {
                    throw new UnreadableRepositoryException(
                            new Failure(
                                    "too-many-files",
                                    "%s has more than %,d files to index at %s"
                                            .formatted(repositoryName, settings.filesMax(), commit.abbreviated()),
                                    "Raise guildhall.indexer.source.files-max if the machine can hold so large an index."),
                            null);
                }
            }
            return new Listing(files, skipped);
        } catch (IOException e) {
            throw unreadable(e);
        }
    }

    private Optional<SkipReason> skipReason(TreeWalk walk, String path, ObjectReader reader) throws IOException {
        FileMode mode = walk.getFileMode(0);
        if (!mode.equals(FileMode.REGULAR_FILE) && !mode.equals(FileMode.EXECUTABLE_FILE)) {
            return Optional.of(SkipReason.LINK);
        }
        Optional<SkipReason> byPath = FileFilter.byPath(path);
        if (byPath.isPresent()) {
            return byPath;
        }
        try {
            long bytes = reader.getObjectSize(walk.getObjectId(0), Constants.OBJ_BLOB);
            return bytes > settings.fileSizeMax().toBytes() ? Optional.of(SkipReason.TOO_LARGE) : Optional.empty();
        } catch (MissingObjectException _) {
            return Optional.of(SkipReason.UNREADABLE);
        }
    }

    /** Looks into a file. */
    public SourceContent read(SourceFile file) throws UnreadableRepositoryException {
        try (ObjectReader reader = repository.newObjectReader()) {
            ObjectLoader loader = reader.open(ObjectId.fromString(file.gitBlob()), Constants.OBJ_BLOB);
            byte[] bytes =
                    loader.getCachedBytes(Math.toIntExact(settings.fileSizeMax().toBytes()));
            Optional<String> text = TextDecoder.decode(bytes);
            if (text.isEmpty()) {
                return new SourceContent.Skipped(SkipReason.BINARY);
            }
            return FileFilter.byText(text.get())
                    .<SourceContent>map(SourceContent.Skipped::new)
                    .orElseGet(() -> new SourceContent.Text(text.get()));
        } catch (MissingObjectException | LargeObjectException _) {
            return new SourceContent.Skipped(SkipReason.UNREADABLE);
        } catch (IOException e) {
            throw unreadable(e);
        }
    }

    private UnreadableRepositoryException unreadable(IOException cause) {
        return new UnreadableRepositoryException(
                new Failure(
                        "repository-unreadable",
                        "the copy of %s cannot be read: %s".formatted(repositoryName, cause.getMessage()),
                        "Check the repository with 'git fsck', then push to it or register it again."),
                cause);
    }

    @Override
    public void close() {
        repository.close();
    }
}
