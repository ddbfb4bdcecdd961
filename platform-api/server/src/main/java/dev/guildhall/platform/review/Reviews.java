package dev.guildhall.platform.review;

import dev.guildhall.contract.Failure;
import dev.guildhall.contract.event.PullRequestEvent;
import dev.guildhall.contract.event.ReviewCompleted;
import dev.guildhall.contract.event.ReviewProgress;
import dev.guildhall.contract.review.Finding;
import dev.guildhall.contract.review.ReviewKey;
import dev.guildhall.contract.review.ReviewStep;
import dev.guildhall.contract.review.ReviewUsage;
import dev.guildhall.contract.review.ReviewedFile;
import dev.guildhall.contract.review.Severity;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;
import tools.jackson.databind.json.JsonMapper;

/** All reviews, as far as the review bot has told. */
@Component
public class Reviews {

    private static final String SELECT =
            "select v.*, r.name as repository_name from review v join repository r on r.id = v.repository_id";
    private static final String FILTER = """
             where (cast(:repository as uuid) is null or v.repository_id = cast(:repository as uuid))
               and (cast(:state as text) is null or v.state = cast(:state as text))
            """;

    private final JdbcClient jdbc;
    private final JsonMapper json;
    private final ApplicationEventPublisher changes;

    Reviews(JdbcClient jdbc, JsonMapper json, ApplicationEventPublisher changes) {
        this.jdbc = jdbc;
        this.json = json;
        this.changes = changes;
    }

    /** Newest first. */
    public ReviewPage find(@Nullable UUID repositoryId, @Nullable ReviewState state, int page, int size) {
        String word = state == null ? null : state.word();
        List<ReviewSummary> items = jdbc.sql(SELECT + FILTER + " order by v.id desc limit :size offset :offset")
                .param("repository", repositoryId)
                .param("state", word)
                .param("size", size)
                .param("offset", (long) page * size)
                .query(this::summary)
                .list();
        long total = jdbc.sql("select count(*) from review v" + FILTER)
                .param("repository", repositoryId)
                .param("state", word)
                .query(Long.class)
                .single();
        return new ReviewPage(items, total, page, size);
    }

    public Optional<ReviewDetail> find(long id) {
        return jdbc.sql(SELECT + " where v.id = :id")
                .param("id", id)
                .query((row, number) -> new ReviewDetail(
                        summary(row, number),
                        row.getString("description"),
                        row.getString("summary"),
                        list(row.getString("findings"), Finding[].class),
                        row.getInt("findings_dropped"),
                        list(row.getString("files"), ReviewedFile[].class),
                        list(row.getString("steps"), ReviewStep[].class),
                        value(row.getString("usage"), ReviewUsage.class)))
                .optional();
    }

    /** Where the review stands now. */
    public Optional<ReviewMoment> findMoment(long id) {
        return jdbc.sql("select version, attempt, state, steps from review where id = :id")
                .param("id", id)
                .query((row, _) -> new ReviewMoment(
                        row.getLong("version"),
                        row.getInt("attempt"),
                        ReviewState.of(row.getString("state")),
                        list(row.getString("steps"), ReviewStep[].class)))
                .optional();
    }

    /** @param version the change that made the review what it is */
    public record Change(long version, ReviewSummary review) {}

    /** Reviews that changed after the given change, each once, as they are now; the earliest changes first. */
    public List<Change> findChangedAfter(long version, int limit) {
        return jdbc.sql(SELECT + " where v.version > :version order by v.version limit :limit")
                .param("version", version)
                .param("limit", limit)
                .query((row, number) -> new Change(row.getLong("version"), summary(row, number)))
                .list();
    }

    /** The latest change of any review; 0 before the first. */
    public long latestVersion() {
        return jdbc.sql("select coalesce(max(version), 0) from review")
                .query(Long.class)
                .single();
    }

    /**
     * The review that the event is about, made if it is new.
     *
     * @return its id
     */
    @Transactional(propagation = Propagation.MANDATORY)
    public long open(PullRequestEvent event) {
        ReviewKey key = event.review();
        Optional<Long> known = findId(key);
        if (known.isEmpty()) {
            insert(
                    key,
                    event.title(),
                    event.description(),
                    event.author(),
                    event.base().ref(),
                    event.base().commit().value(),
                    event.head().ref(),
                    event.occurredAt());
        } else {
            jdbc.sql("""
                    update review set title = :title, description = :description, author = :author,
                        base_ref = :baseRef, base_commit = :baseCommit, head_ref = :headRef,
                        version = nextval('review_version')
                    where id = :id and base_commit is null
                    """)
                    .param("id", known.get())
                    .param("title", event.title())
                    .param("description", event.description())
                    .param("author", event.author())
                    .param("baseRef", event.base().ref())
                    .param("baseCommit", event.base().commit().value())
                    .param("headRef", event.head().ref())
                    .update();
        }
        long id = findId(key)
                .orElseThrow(() -> new IllegalStateException("review %s vanished while it was made".formatted(key)));
        changes.publishEvent(new ReviewChanged(id));
        return id;
    }

    /** The next number for reviews that nobody gave one, apart from those of pull requests. */
    @Transactional(propagation = Propagation.MANDATORY)
    int nextNumber(UUID repositoryId, int first) {
        // One at a time for each repository.
        jdbc.sql("select 1 from repository where id = :id for no key update")
                .param("id", repositoryId)
                .query(Integer.class)
                .optional();
        return jdbc.sql("""
                select coalesce(max(number) + 1, :first) from review
                where repository_id = :repository and number >= :first
                """)
                .param("repository", repositoryId)
                .param("first", first)
                .query(Integer.class)
                .single();
    }

    /** What is needed to ask the bot for the same review once more. */
    record Request(
            UUID repositoryId,
            int number,
            String title,
            String description,
            String author,
            String baseRef,
            @Nullable String baseCommit,
            String headRef,
            String headCommit) {}

    Optional<Request> findRequest(long id) {
        return jdbc.sql("select * from review where id = :id")
                .param("id", id)
                .query((row, _) -> new Request(
                        row.getObject("repository_id", UUID.class),
                        row.getInt("number"),
                        row.getString("title"),
                        row.getString("description"),
                        row.getString("author"),
                        row.getString("base_ref"),
                        row.getString("base_commit"),
                        row.getString("head_ref"),
                        row.getString("head_commit")))
                .optional();
    }

    /** False when the latest run did not fail. */
    @Transactional(propagation = Propagation.MANDATORY)
    boolean startAgain(long id) {
        return lock(id).flatMap(ReviewRun::again)
                .map(run -> {
                    jdbc.sql("""
                            update review set failure = null, completed_at = null, summary = '', findings = '[]',
                                files = '[]', findings_high = 0, findings_medium = 0, findings_low = 0,
                                findings_dropped = 0, usage = null, model = null, total_millis = null
                            where id = :id
                            """).param("id", id).update();
                    save(id, run);
                    return true;
                })
                .orElse(false);
    }

    /** Nothing for a repository that is not registered (any more). */
    @Transactional(propagation = Propagation.MANDATORY)
    void record(ReviewProgress progress) {
        findOrAnnounce(progress.review(), progress.occurredAt())
                .ifPresent(id -> lock(id).flatMap(run -> run.after(progress)).ifPresent(run -> {
                    if (run.attempt() > 1) {
                        jdbc.sql("update review set failure = null, completed_at = null where id = :id")
                                .param("id", id)
                                .update();
                    }
                    save(id, run);
                }));
    }

    /** Nothing for a repository that is not registered (any more). */
    @Transactional(propagation = Propagation.MANDATORY)
    void record(ReviewCompleted completed) {
        findOrAnnounce(completed.review(), completed.startedAt())
                .ifPresent(id -> lock(id).flatMap(run -> run.after(completed)).ifPresent(run -> {
                    jdbc.sql("""
                            update review set summary = :summary, findings = cast(:findings as json),
                                findings_high = :high, findings_medium = :medium, findings_low = :low,
                                findings_dropped = :dropped, files = cast(:files as json),
                                usage = cast(:usage as json), model = :model, total_millis = :totalMillis,
                                failure = cast(:failure as json), completed_at = :completedAt
                            where id = :id
                            """)
                            .param("id", id)
                            .param("summary", StorableText.of(completed.summary()))
                            .param("findings", json.writeValueAsString(completed.findings()))
                            .param("high", count(completed, Severity.HIGH))
                            .param("medium", count(completed, Severity.MEDIUM))
                            .param("low", count(completed, Severity.LOW))
                            .param("dropped", completed.findingsDropped())
                            .param("files", json.writeValueAsString(completed.files()))
                            .param("usage", json.writeValueAsString(completed.usage()))
                            .param("model", completed.usage().model())
                            .param("totalMillis", completed.usage().totalMillis())
                            .param(
                                    "failure",
                                    completed.failure() == null ? null : json.writeValueAsString(completed.failure()))
                            .param("completedAt", Timestamp.from(completed.occurredAt()))
                            .update();
                    save(id, run);
                }));
    }

    private static int count(ReviewCompleted completed, Severity severity) {
        return (int) completed.findings().stream()
                .filter(finding -> finding.severity() == severity)
                .count();
    }

    private Optional<Long> findId(ReviewKey key) {
        return jdbc.sql("""
                select id from review where repository_id = :repository and number = :number and head_commit = :head
                """)
                .param("repository", key.repositoryId())
                .param("number", key.number())
                .param("head", key.head().value())
                .query(Long.class)
                .optional();
    }

    /**
     * The bot may speak of a review before we have it: it reads the pull request from Kafka as soon as it is there, and
     * we keep the review when Kafka has acknowledged. The insert waits for a transaction that is keeping it; where none
     * is (this service ended just then), a bare review stands in until the forge delivers again.
     */
    private Optional<Long> findOrAnnounce(ReviewKey key, Instant at) {
        Optional<Long> known = findId(key);
        if (known.isPresent()) {
            return known;
        }
        insert(key, "Pull request " + key.number(), "", "", "", null, key.head().value(), at);
        return findId(key);
    }

    private void insert(
            ReviewKey key,
            String title,
            String description,
            String author,
            String baseRef,
            @Nullable String baseCommit,
            String headRef,
            Instant at) {
        jdbc.sql("""
                insert into review (repository_id, number, title, description, author, base_ref, base_commit, head_ref,
                                    head_commit, state, created_at)
                select id, :number, :title, :description, :author, :baseRef, :baseCommit, :headRef, :headCommit,
                       'queued', :at
                from repository where id = :repository
                on conflict (repository_id, number, head_commit) do nothing
                """)
                .param("repository", key.repositoryId())
                .param("number", key.number())
                .param("title", title)
                .param("description", description)
                .param("author", author)
                .param("baseRef", baseRef)
                .param("baseCommit", baseCommit)
                .param("headRef", headRef)
                .param("headCommit", key.head().value())
                .param("at", Timestamp.from(at))
                .update();
    }

    private Optional<ReviewRun> lock(long id) {
        return jdbc.sql("select attempt, state, steps, started_at from review where id = :id for update")
                .param("id", id)
                .query((row, _) -> new ReviewRun(
                        row.getInt("attempt"),
                        ReviewState.of(row.getString("state")),
                        list(row.getString("steps"), ReviewStep[].class),
                        instant(row, "started_at")))
                .optional();
    }

    private void save(long id, ReviewRun run) {
        jdbc.sql("""
                update review set attempt = :attempt, state = :state, steps = cast(:steps as json),
                    started_at = :startedAt, version = nextval('review_version')
                where id = :id
                """)
                .param("id", id)
                .param("attempt", run.attempt())
                .param("state", run.state().word())
                .param("steps", json.writeValueAsString(run.steps()))
                .param("startedAt", run.startedAt() == null ? null : Timestamp.from(run.startedAt()))
                .update();
        changes.publishEvent(new ReviewChanged(id));
    }

    private ReviewSummary summary(ResultSet row, int number) throws SQLException {
        return new ReviewSummary(
                row.getLong("id"),
                new ReviewSummary.RepositoryName(
                        row.getObject("repository_id", UUID.class), row.getString("repository_name")),
                row.getInt("number"),
                row.getString("title"),
                row.getString("author"),
                ReviewState.of(row.getString("state")),
                row.getString("base_ref"),
                row.getString("head_ref"),
                row.getString("base_commit"),
                row.getString("head_commit"),
                row.getInt("attempt"),
                new ReviewSummary.Counts(
                        row.getInt("findings_high"), row.getInt("findings_medium"), row.getInt("findings_low")),
                row.getTimestamp("created_at").toInstant(),
                instant(row, "started_at"),
                instant(row, "completed_at"),
                row.getString("model"),
                row.getObject("total_millis", Long.class),
                value(row.getString("failure"), Failure.class));
    }

    private static @Nullable Instant instant(ResultSet row, String column) throws SQLException {
        Timestamp timestamp = row.getTimestamp(column);
        return timestamp == null ? null : timestamp.toInstant();
    }

    private <T> List<T> list(String text, Class<T[]> type) {
        return List.copyOf(Arrays.asList(json.readValue(text, type)));
    }

    private <T> @Nullable T value(@Nullable String text, Class<T> type) {
        return text == null ? null : json.readValue(text, type);
    }
}
