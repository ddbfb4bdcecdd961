package dev.guildhall.platform.repository;

import dev.guildhall.contract.RepositoryRef;
import dev.guildhall.contract.event.PushEvent;
import dev.guildhall.contract.event.RepositoryRemoved;
import dev.guildhall.platform.access.AuditLog;
import dev.guildhall.platform.messaging.EventPublisher;
import dev.guildhall.platform.problem.ErrorCode;
import dev.guildhall.platform.problem.FieldError;
import dev.guildhall.platform.problem.GuildhallException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.UUID;
import java.util.regex.Pattern;
import org.springframework.transaction.support.TransactionTemplate;

/** Adds and removes repositories: in the database, on Kafka, and in the audit log, or nowhere. */
public class RepositoryRegistration {

    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]*(/[A-Za-z0-9][A-Za-z0-9._-]*){0,3}");
    private static final int NAME_LENGTH_MAX = 100;

    /** What git allows as a branch, less what nobody types. */
    private static final Pattern BRANCH =
            Pattern.compile("(?!.*(\\.\\.|//|@\\{|\\.lock$|[./]$))[A-Za-z0-9][\\w./#+@-]{0,199}");

    private static final int SECRET_BYTES = 32;

    private final Repositories repositories;
    private final EventPublisher events;
    private final AuditLog audit;
    private final TransactionTemplate transactions;
    private final SecureRandom random;
    private final Clock clock;
    private final List<Path> localRoots;

    RepositoryRegistration(
            Repositories repositories,
            EventPublisher events,
            AuditLog audit,
            TransactionTemplate transactions,
            SecureRandom random,
            Clock clock,
            List<Path> localRoots) {
        this.repositories = repositories;
        this.events = events;
        this.audit = audit;
        this.transactions = transactions;
        this.random = random;
        this.clock = clock;
        this.localRoots = localRoots;
    }

    /** @param webhookSecret for whoever sets up the forge; shown this once */
    public record Registered(Repository repository, String webhookSecret) {}

    /** Registers a plain-git repository and asks the indexer to read it. */
    public Registered register(String name, String location, String defaultBranch) {
        List<FieldError> errors = new ArrayList<>();
        if (name.length() > NAME_LENGTH_MAX || !NAME.matcher(name).matches()) {
            errors.add(new FieldError(
                    "name",
                    "'%s' is not a name: give up to %d letters, digits, dots, dashes and underscores, as in owner/name"
                            .formatted(name, NAME_LENGTH_MAX)));
        }
        if (!BRANCH.matcher(defaultBranch).matches()) {
            errors.add(new FieldError("defaultBranch", "'%s' is not a branch name".formatted(defaultBranch)));
        }
        String place = "";
        try {
            place = RepositoryLocation.checked(location, localRoots);
        } catch (IllegalArgumentException exception) {
            errors.add(new FieldError("location", String.valueOf(exception.getMessage())));
        }
        if (!errors.isEmpty()) {
            throw GuildhallException.invalid(errors);
        }

        // Microseconds are what the database keeps.
        Instant now = clock.instant().truncatedTo(ChronoUnit.MICROS);
        RepositoryRef ref = new RepositoryRef(UUID.randomUUID(), name, RepositoryRef.Forge.GIT, place, defaultBranch);
        Repository repository = new Repository(ref, now, RepositoryIndex.NONE);
        String secret = newSecret();
        transactions.executeWithoutResult(_ -> {
            repositories.add(repository, secret);
            audit.record("repository.create", ref.id().toString(), "%s at %s".formatted(name, ref.location()));
            events.publish(
                    new PushEvent(ref, "refs/heads/" + defaultBranch, null, null, now), "repository-" + ref.id(), now);
        });
        return new Registered(repository, secret);
    }

    /** Removes a repository with its reviews, and tells the indexer to forget it. */
    public void remove(UUID id) {
        Instant now = clock.instant();
        transactions.executeWithoutResult(_ -> {
            if (!repositories.remove(id)) {
                throw new GuildhallException(
                        ErrorCode.REPOSITORY_NOT_FOUND, "repository %s is not registered".formatted(id));
            }
            audit.record("repository.remove", id.toString(), "");
            events.publish(new RepositoryRemoved(id, now), "repository-removed-" + id, now);
        });
    }

    private String newSecret() {
        byte[] bytes = new byte[SECRET_BYTES];
        random.nextBytes(bytes);
        return HexFormat.of().formatHex(bytes);
    }
}
