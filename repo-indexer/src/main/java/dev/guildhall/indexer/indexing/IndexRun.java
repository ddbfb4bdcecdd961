package dev.guildhall.indexer.indexing;

import dev.guildhall.contract.CommitId;
import dev.guildhall.contract.Failure;
import dev.guildhall.contract.Languages;
import dev.guildhall.contract.RepositoryRef;
import dev.guildhall.contract.event.IndexProgress;
import dev.guildhall.contract.event.IndexProgress.State;
import dev.guildhall.indexer.chunk.Chunker;
import dev.guildhall.indexer.chunk.SourceChunk;
import dev.guildhall.indexer.embed.Embedder;
import dev.guildhall.indexer.source.Listing;
import dev.guildhall.indexer.source.Mirror;
import dev.guildhall.indexer.source.Mirrors;
import dev.guildhall.indexer.source.SourceContent;
import dev.guildhall.indexer.source.SourceFile;
import dev.guildhall.indexer.source.UnreadableRepositoryException;
import dev.guildhall.indexer.store.CodeIndex;
import dev.guildhall.indexer.store.ContentKey;
import dev.guildhall.indexer.store.EmbeddedChunk;
import dev.guildhall.indexer.store.IndexEdition;
import dev.guildhall.indexer.store.IndexedBranch;
import dev.guildhall.indexer.store.IndexedFile;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings the index of one repository to the tip of its default branch.
 *
 * <ol>
 *   <li>Refresh the mirror, list the files of the tip.
 *   <li>Keep what the index holds for equal git blobs, whatever their paths are now.
 *   <li>Read the others; cut and embed those contents that the index never saw. Each content is stored at once and for
 *       good, so a run that is killed loses no more than the batch in its hands.
 *   <li>Publish the files of the new commit in one transaction.
 * </ol>
 */
final class IndexRun {

    private static final Logger log = LoggerFactory.getLogger(IndexRun.class);

    private final Mirrors mirrors;
    private final Chunker chunker;
    private final Embedder embedder;
    private final CodeIndex index;
    private final ProgressReports reports;
    private final Duration progressInterval;
    private final Clock clock;
    private final RepositoryRef repository;

    private final Map<String, IndexedFile> knownByGitBlob = new HashMap<>();
    private final List<IndexedFile> files = new ArrayList<>();
    private final List<Pending> pending = new ArrayList<>();
    private int pendingChunks;
    private int chunksDone;
    private int filesEmbedded;
    private @Nullable CommitId commit;
    private Listing listing = new Listing(List.of(), Map.of());
    private Instant reportedAt = Instant.EPOCH;

    IndexRun(Tools tools, RepositoryRef repository) {
        this.mirrors = tools.mirrors();
        this.chunker = tools.chunker();
        this.embedder = tools.embedder();
        this.index = tools.index();
        this.reports = tools.reports();
        this.progressInterval = tools.progressInterval();
        this.clock = tools.clock();
        this.repository = repository;
    }

    void run() throws UnreadableRepositoryException, InterruptedException {
        Instant started = clock.instant();
        IndexEdition edition = new IndexEdition(embedder.model(), Chunker.VERSION);
        try (Mirror mirror = mirrors.refresh(repository)) {
            Optional<CommitId> head = mirror.head(repository.defaultBranch());
            commit = head.orElse(null);
            Optional<IndexedBranch> present = index.branch(repository.id(), repository.defaultBranch());
            Optional<IndexedBranch> unchanged = present.filter(
                    branch -> branch.edition().equals(edition) && head.equals(Optional.ofNullable(branch.commit())));
            if (unchanged.isPresent()) {
                log.info("{} is indexed already at {}", repository.name(), commit);
                announceCompleted(unchanged.get());
                return;
            }
            if (head.isPresent()) {
                listing = mirror.listing(head.get());
            }
            mentionProgress();
            if (present.isPresent() && present.get().edition().equals(edition)) {
                index.files(repository.id(), repository.defaultBranch())
                        .forEach(file -> knownByGitBlob.put(knownKey(file.path(), file.gitBlob()), file));
            }
            for (SourceFile file : listing.files()) {
                take(file, mirror, edition);
                mentionProgress();
            }
            embedPending(edition);
        }
        Optional<IndexedBranch> published = index.publish(
                repository.id(), repository.defaultBranch(), commit, edition, files, listing.skippedCount());
        if (published.isEmpty()) {
            log.info("{} was removed while it was indexed", repository.name());
            mirrors.remove(repository.id());
            return;
        }
        log.info(
                "Indexed {} at {}: {} files ({} skipped), {} chunks, {} contents embedded anew, in {}",
                repository.name(),
                commit,
                published.get().filesIndexed(),
                published.get().filesSkipped(),
                published.get().chunks(),
                filesEmbedded,
                Duration.between(started, clock.instant()));
        announceCompleted(published.get());
    }

    void announceFailure(Failure failure) throws InterruptedException {
        reports.announce(progress(State.FAILED, listing.files().size(), filesDone(), skipped(), chunksDone, failure));
    }

    /** A content is cut by its language, so an equal blob under a name of another language is another content. */
    private static String knownKey(String path, String gitBlob) {
        return gitBlob + ":" + Languages.of(path);
    }

    private void take(SourceFile file, Mirror mirror, IndexEdition edition)
            throws UnreadableRepositoryException, InterruptedException {
        @Nullable IndexedFile known = knownByGitBlob.get(knownKey(file.path(), file.gitBlob()));
        if (known != null) {
            files.add(new IndexedFile(file.path(), file.gitBlob(), known.blobId(), known.skipReason()));
            return;
        }
        switch (mirror.read(file)) {
            case SourceContent.Skipped(var reason) ->
                files.add(IndexedFile.skipped(file.path(), file.gitBlob(), reason.name()));
            case SourceContent.Text(var text) -> take(file, text, edition);
        }
    }

    private void take(SourceFile file, String text, IndexEdition edition) throws InterruptedException {
        String language = Languages.of(file.path());
        ContentKey key = ContentKey.of(text, language);
        Optional<Long> present = index.findContent(key, edition);
        if (present.isPresent()) {
            files.add(IndexedFile.indexed(file.path(), file.gitBlob(), present.get()));
            return;
        }
        Pending next = new Pending(file, key, chunker.chunk(language, text));
        pending.add(next);
        pendingChunks += next.chunks().size();
        if (pendingChunks >= embedder.batchSize()) {
            embedPending(edition);
        }
    }

    private void embedPending(IndexEdition edition) throws InterruptedException {
        List<SourceChunk> chunks =
                pending.stream().flatMap(each -> each.chunks().stream()).toList();
        List<float[]> vectors =
                embedder.embed(chunks.stream().map(SourceChunk::embeddingText).toList());
        int start = 0;
        for (Pending each : pending) {
            List<EmbeddedChunk> embedded = new ArrayList<>();
            for (SourceChunk chunk : each.chunks()) {
                embedded.add(new EmbeddedChunk(chunk, vectors.get(start)));
                start++;
            }
            long blobId = index.addContent(each.key(), edition, embedded);
            files.add(IndexedFile.indexed(each.file().path(), each.file().gitBlob(), blobId));
        }
        filesEmbedded += pending.size();
        chunksDone += chunks.size();
        pending.clear();
        pendingChunks = 0;
    }

    private int filesDone() {
        return Math.toIntExact(
                files.stream().filter(file -> file.blobId() != null).count());
    }

    private int skipped() {
        return listing.skippedCount() + files.size() - filesDone();
    }

    private void mentionProgress() {
        if (Duration.between(reportedAt, clock.instant()).compareTo(progressInterval) >= 0) {
            reportedAt = clock.instant();
            int skippedByContent = skipped() - listing.skippedCount();
            reports.mention(progress(
                    State.RUNNING,
                    listing.files().size() - skippedByContent,
                    filesDone(),
                    skipped(),
                    chunksDone,
                    null));
        }
    }

    private void announceCompleted(IndexedBranch branch) throws InterruptedException {
        reports.announce(progress(
                State.COMPLETED,
                branch.filesIndexed(),
                branch.filesIndexed(),
                branch.filesSkipped(),
                branch.chunks(),
                null));
    }

    private IndexProgress progress(
            State state, int filesTotal, int filesDone, int filesSkipped, int chunks, @Nullable Failure failure) {
        return new IndexProgress(
                repository.id(), commit, state, filesTotal, filesDone, filesSkipped, chunks, failure, clock.instant());
    }

    /** What every run needs. */
    record Tools(
            Mirrors mirrors,
            Chunker chunker,
            Embedder embedder,
            CodeIndex index,
            ProgressReports reports,
            Duration progressInterval,
            Clock clock) {}

    private record Pending(SourceFile file, ContentKey key, List<SourceChunk> chunks) {}
}
