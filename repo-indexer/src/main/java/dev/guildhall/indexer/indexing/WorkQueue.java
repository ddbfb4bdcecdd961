package dev.guildhall.indexer.indexing;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.JdbcUtils;

/**
 * The repositories that are to be indexed, kept in the database.
 *
 * <p>Requests count up; a run that ends marks as done what was requested when it began. So pushes that wait become one
 * run, and a push during a run leads to another. A run holds its repository by a session lock of the database: the lock
 * of a process that is killed is gone with its connection, and the work is free for the next taker at once.
 */
final class WorkQueue {

    private static final Logger log = LoggerFactory.getLogger(WorkQueue.class);
    private static final int CANDIDATES_MAX = 50;

    private final DataSource dataSource;
    private final JdbcClient jdbc;

    WorkQueue(DataSource dataSource, JdbcClient jdbc) {
        this.dataSource = dataSource;
        this.jdbc = jdbc;
    }

    /** Asks for a run of a registered repository, now, whatever became of earlier ones. */
    void request(UUID repositoryId) {
        jdbc.sql("""
                insert into index_work as work (repository_id, requested, done) values (:id, 1, 0)
                on conflict (repository_id) do update
                set requested = work.requested + 1, attempts = 0, not_before = now()
                """).param("id", repositoryId).update();
    }

    /** Takes a repository that waits and that nobody else works on. */
    Optional<Claim> claim() {
        for (UUID candidate : candidates()) {
            Optional<Claim> claim = tryClaim(candidate);
            if (claim.isPresent()) {
                return claim;
            }
        }
        return Optional.empty();
    }

    private List<UUID> candidates() {
        return jdbc.sql("""
                select repository_id from index_work
                where requested > done and not_before <= now() order by not_before limit :limit
                """)
                .param("limit", CANDIDATES_MAX)
                .query((row, _) -> row.getObject("repository_id", UUID.class))
                .list();
    }

    private Optional<Claim> tryClaim(UUID repositoryId) {
        List<Connection> held = new ArrayList<>();
        try {
            Connection connection = dataSource.getConnection();
            held.add(connection);
            if (!lock(connection, repositoryId)) {
                return Optional.empty();
            }
            Optional<Claim> claim = read(repositoryId, connection);
            if (claim.isPresent()) {
                held.clear();
            } else {
                unlock(connection, repositoryId);
            }
            return claim;
        } catch (SQLException e) {
            throw new IllegalStateException("cannot claim the work on repository %s".formatted(repositoryId), e);
        } finally {
            held.forEach(JdbcUtils::closeConnection);
        }
    }

    /** Reads the row again, now that nobody else can be at it. */
    private Optional<Claim> read(UUID repositoryId, Connection lock) {
        return jdbc.sql("""
                select requested, attempts from index_work
                where repository_id = :id and requested > done and not_before <= now()
                """)
                .param("id", repositoryId)
                .query((row, _) -> new Claim(repositoryId, row.getLong("requested"), row.getInt("attempts"), lock))
                .optional();
    }

    private static boolean lock(Connection connection, UUID repositoryId) throws SQLException {
        return ask(connection, "select pg_try_advisory_lock(hashtextextended(?, 0))", repositoryId);
    }

    private static void unlock(Connection connection, UUID repositoryId) throws SQLException {
        if (!ask(connection, "select pg_advisory_unlock(hashtextextended(?, 0))", repositoryId)) {
            log.warn("The lock on repository {} was lost while it was worked on", repositoryId);
        }
    }

    private static boolean ask(Connection connection, String question, UUID repositoryId) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(question)) {
            statement.setString(1, "index_work:" + repositoryId);
            try (ResultSet answer = statement.executeQuery()) {
                answer.next();
                return answer.getBoolean(1);
            }
        }
    }

    /** A repository in work. Ends by one of its verbs, and then by being closed; closed without one, it waits again. */
    final class Claim implements AutoCloseable {

        private final UUID repositoryId;
        private final long requested;
        private final int attempts;
        private final Connection lock;

        private Claim(UUID repositoryId, long requested, int attempts, Connection lock) {
            this.repositoryId = repositoryId;
            this.requested = requested;
            this.attempts = attempts;
            this.lock = lock;
        }

        UUID repositoryId() {
            return repositoryId;
        }

        /** Runs that failed for a passing reason since the last request. */
        int attempts() {
            return attempts;
        }

        void finish() {
            jdbc.sql("update index_work set done = greatest(done, :requested), attempts = 0 where repository_id = :id")
                    .param("requested", requested)
                    .param("id", repositoryId)
                    .update();
        }

        /** Leaves the work for later; a new request meanwhile makes that now. */
        void postpone(Duration pause) {
            jdbc.sql("""
                    update index_work
                    set attempts = attempts + 1, not_before = now() + make_interval(secs => :seconds)
                    where repository_id = :id and requested = :requested
                    """)
                    .param("seconds", pause.toMillis() / 1000.0)
                    .param("id", repositoryId)
                    .param("requested", requested)
                    .update();
        }

        @Override
        public void close() {
            try {
                unlock(lock, repositoryId);
            } catch (SQLException e) {
                log.warn("The lock on repository {} went with its connection", repositoryId, e);
            } finally {
                JdbcUtils.closeConnection(lock);
            }
        }
    }
}
