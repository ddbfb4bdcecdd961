package dev.guildhall.reviewbot.forge.git;

import dev.guildhall.contract.CommitId;
import dev.guildhall.contract.Failure;
import dev.guildhall.contract.RepositoryRef;
import dev.guildhall.contract.review.ReviewedFile.Change;
import dev.guildhall.reviewbot.forge.DiffLimits;
import dev.guildhall.reviewbot.forge.Forge;
import dev.guildhall.reviewbot.forge.ForgeException;
import dev.guildhall.reviewbot.pullrequest.Diff;
import dev.guildhall.reviewbot.pullrequest.FileDiff;
import dev.guildhall.reviewbot.pullrequest.FileDiff.Content;
import dev.guildhall.reviewbot.pullrequest.Hunk;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.eclipse.jgit.api.errors.CanceledException;
import org.eclipse.jgit.diff.DiffEntry;
import org.eclipse.jgit.diff.RawText;
import org.eclipse.jgit.diff.RenameDetector;
import org.eclipse.jgit.lib.AnyObjectId;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.FileMode;
import org.eclipse.jgit.lib.NullProgressMonitor;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectReader;
import org.eclipse.jgit.lib.Ref;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.revwalk.RevCommit;
import org.eclipse.jgit.revwalk.RevTree;
import org.eclipse.jgit.revwalk.RevWalk;
import org.eclipse.jgit.revwalk.filter.RevFilter;
import org.eclipse.jgit.treewalk.TreeWalk;
import org.eclipse.jgit.treewalk.filter.TreeFilter;
import org.jspecify.annotations.Nullable;

/** Two commits of a mirror and what lies between them. */
final class GitCheckout implements Forge.Checkout {

    private static final byte[] NOTHING = {};

    private final Repository repository;
    private final Diff diff;

    /** Blobs at head by the file's index; only of files whose content was read. */
    private final Map<Integer, ObjectId> blobsAtHead;

    private final @Nullable RevTree defaultTree;

    private GitCheckout(
            Repository repository, Diff diff, Map<Integer, ObjectId> blobsAtHead, @Nullable RevTree defaultTree) {
        this.repository = repository;
        this.diff = diff;
        this.blobsAtHead = blobsAtHead;
        this.defaultTree = defaultTree;
    }

    static GitCheckout of(
            Repository repository,
            RepositoryRef described,
            CommitId base,
            CommitId head,
            DiffLimits limits,
            int renameCandidatesMax)
            throws IOException {
        try (RevWalk walk = new RevWalk(repository)) {
            RevCommit baseCommit = walk.parseCommit(ObjectId.fromString(base.value()));
            RevCommit headCommit = walk.parseCommit(ObjectId.fromString(head.value()));
            Ref defaultBranch = repository.exactRef(Constants.R_HEADS + described.defaultBranch());
            RevTree defaultTree = defaultBranch == null || defaultBranch.getObjectId() == null
                    ? baseCommit.getTree()
                    : walk.parseCommit(defaultBranch.getObjectId()).getTree();
            RevTree headTree = headCommit.getTree();
            RevTree baseTree = baseCommit.getTree();
            walk.setRevFilter(RevFilter.MERGE_BASE);
            walk.markStart(baseCommit);
            walk.markStart(headCommit);
            RevCommit mergeBase = walk.next();
            if (mergeBase != null) {
                baseTree = walk.parseTree(mergeBase);
            }
            DiffReader reader = new DiffReader(repository, limits);
            Diff diff = reader.read(mergeBase != null, baseTree, headTree, renameCandidatesMax);
            return new GitCheckout(repository, diff, reader.blobsAtHead, defaultTree);
        }
    }

    @Override
    public Diff diff() {
        return diff;
    }

    @Override
    public Optional<String> textAtHead(FileDiff file) throws ForgeException {
        ObjectId blob = blobsAtHead.get(file.index());
        return blob == null ? Optional.empty() : Optional.of(HunkAssembler.decode(bytes(blob)));
    }

    @Override
    public Optional<String> textOnDefaultBranch(String path, long bytesMax) throws ForgeException {
        if (defaultTree == null) {
            return Optional.empty();
        }
        try (ObjectReader objects = repository.newObjectReader();
                TreeWalk walk = TreeWalk.forPath(objects, path, defaultTree)) {
            if (walk == null
                    || !isFile(walk.getFileMode(0))
                    || objects.getObjectSize(walk.getObjectId(0), Constants.OBJ_BLOB) > bytesMax) {
                return Optional.empty();
            }
            return Optional.of(HunkAssembler.decode(bytes(walk.getObjectId(0))));
        } catch (IOException e) {
            throw damaged(e);
        }
    }

    @Override
    public void close() {
        repository.close();
    }

    private byte[] bytes(ObjectId blob) throws ForgeException {
        try {
            return repository.open(blob, Constants.OBJ_BLOB).getBytes();
        } catch (IOException e) {
            throw damaged(e);
        }
    }

    private static ForgeException damaged(IOException e) {
        return new ForgeException(
                new Failure(
                        "mirror-unreadable",
                        "review-bot's mirror of the repository could not be read: " + e.getMessage(),
                        "Run the review again: the mirror is made afresh where it is damaged."),
                e);
    }

    private static boolean isFile(FileMode mode) {
        return FileMode.REGULAR_FILE.equals(mode) || FileMode.EXECUTABLE_FILE.equals(mode);
    }

    /** Reads the entries of one diff, and keeps count of the limits. */
    private static final class DiffReader {

        private final Repository repository;
        private final DiffLimits limits;
        private final Map<Integer, ObjectId> blobsAtHead = new HashMap<>();
        private long bytesRead;
        private int filesRead;

        DiffReader(Repository repository, DiffLimits limits) {
            this.repository = repository;
            this.limits = limits;
        }

        Diff read(boolean commonAncestor, RevTree oldTree, RevTree newTree, int renameCandidatesMax)
                throws IOException {
            Map<String, String> shownPaths = new HashMap<>();
            List<DiffEntry> entries;
            try (ObjectReader objects = repository.newObjectReader();
                    TreeWalk paths = trees(objects, oldTree, newTree);
                    TreeWalk changes = trees(objects, oldTree, newTree)) {
                while (paths.next()) {
                    shownPaths.put(paths.getPathString(), HunkAssembler.decode(paths.getRawPath()));
                }
                RenameDetector renames = new RenameDetector(repository);
                renames.setRenameLimit(renameCandidatesMax);
                renames.setBigFileThreshold(
                        (int) Math.min(Integer.MAX_VALUE, limits.fileSizeMax().toBytes()));
                renames.addAll(DiffEntry.scan(changes));
                entries = compute(renames, objects);
                List<FileDiff> files = new ArrayList<>();
                for (DiffEntry entry : entries) {
                    if (files.size() == limits.filesListedMax()) {
                        break;
                    }
                    files.add(file(objects, files.size(), entry, shownPaths));
                }
                return new Diff(commonAncestor, files, entries.size() - files.size());
            }
        }

        private static List<DiffEntry> compute(RenameDetector renames, ObjectReader objects) throws IOException {
            try {
                return renames.compute(objects, NullProgressMonitor.INSTANCE);
            } catch (CanceledException e) {
                throw new IllegalStateException("nothing cancels the search for renames", e);
            }
        }

        private static TreeWalk trees(ObjectReader objects, RevTree oldTree, RevTree newTree) throws IOException {
            TreeWalk walk = new TreeWalk(objects);
            walk.setRecursive(true);
            walk.addTree(oldTree);
            walk.addTree(newTree);
            walk.setFilter(TreeFilter.ANY_DIFF);
            return walk;
        }

        private FileDiff file(ObjectReader objects, int index, DiffEntry entry, Map<String, String> shownPaths)
                throws IOException {
            String oldPath = shown(entry.getOldPath(), shownPaths);
            String newPath = shown(entry.getNewPath(), shownPaths);
            Change change = switch (entry.getChangeType()) {
                case ADD, COPY -> Change.ADDED;
                case MODIFY -> Change.MODIFIED;
                case DELETE -> Change.DELETED;
                case RENAME -> Change.RENAMED;
            };
            String path = change == Change.DELETED ? oldPath : newPath;
            String differingOldPath = change == Change.RENAMED ? oldPath : null;
            String reason = reasonNotToRead(objects, entry);
            if (reason != null) {
                return unread(index, path, differingOldPath, change, reason);
            }
            byte[] oldBytes =
                    bytes(objects, entry.getOldMode(), entry.getOldId().toObjectId());
            byte[] newBytes =
                    bytes(objects, entry.getNewMode(), entry.getNewId().toObjectId());
            if (RawText.isBinary(oldBytes) || RawText.isBinary(newBytes)) {
                return unread(index, path, differingOldPath, change, "binary file");
            }
            filesRead++;
            bytesRead += oldBytes.length + (long) newBytes.length;
            HunkAssembler assembler = new HunkAssembler(oldBytes, newBytes, limits.contextLines());
            List<Hunk> hunks = assembler.assemble();
            if (hunks.isEmpty()) {
                return unread(index, path, differingOldPath, change, "empty file");
            }
            if (change != Change.DELETED) {
                blobsAtHead.put(index, entry.getNewId().toObjectId());
            }
            return new FileDiff(
                    index,
                    path,
                    differingOldPath,
                    change,
                    assembler.linesAdded(),
                    assembler.linesRemoved(),
                    new Content.Text(hunks, assembler.undecodableLines()));
        }

        private @Nullable String reasonNotToRead(ObjectReader objects, DiffEntry entry) throws IOException {
            FileMode oldMode = entry.getOldMode();
            FileMode newMode = entry.getNewMode();
            if (FileMode.GITLINK.equals(oldMode) || FileMode.GITLINK.equals(newMode)) {
                return "submodule: its content belongs to another repository";
            }
            if (FileMode.SYMLINK.equals(oldMode) || FileMode.SYMLINK.equals(newMode)) {
                return "symbolic link";
            }
            if (entry.getChangeType() != DiffEntry.ChangeType.ADD
                    && entry.getChangeType() != DiffEntry.ChangeType.DELETE
                    && entry.getOldId().toObjectId().equals(entry.getNewId().toObjectId())) {
                return oldMode.equals(newMode)
                        ? "renamed, content unchanged"
                        : "only the file mode changed, from %s to %s".formatted(oldMode, newMode);
            }
            for (boolean old : new boolean[] {true, false}) {
                FileMode mode = old ? oldMode : newMode;
                AnyObjectId id =
                        old ? entry.getOldId().toObjectId() : entry.getNewId().toObjectId();
                if (!FileMode.MISSING.equals(mode)) {
                    long bytes = objects.getObjectSize(id, Constants.OBJ_BLOB);
                    if (bytes > limits.fileSizeMax().toBytes()) {
                        return "too large: %,d bytes, the limit guildhall.diff.file-size-max is %,d"
                                .formatted(bytes, limits.fileSizeMax().toBytes());
                    }
                }
            }
            if (filesRead >= limits.filesMax()) {
                return "not read: the limit guildhall.diff.files-max is %,d files".formatted(limits.filesMax());
            }
            if (bytesRead >= limits.totalSizeMax().toBytes()) {
                return "not read: the limit guildhall.diff.total-size-max is %,d bytes"
                        .formatted(limits.totalSizeMax().toBytes());
            }
            return null;
        }

        private static byte[] bytes(ObjectReader objects, FileMode mode, ObjectId id) throws IOException {
            return FileMode.MISSING.equals(mode)
                    ? NOTHING
                    : objects.open(id, Constants.OBJ_BLOB).getBytes();
        }

        private static String shown(String path, Map<String, String> shownPaths) {
            return shownPaths.getOrDefault(path, path);
        }

        private static FileDiff unread(int index, String path, @Nullable String oldPath, Change change, String reason) {
            return new FileDiff(index, path, oldPath, change, 0, 0, new Content.Unread(reason));
        }
    }
}
