package dev.guildhall.reviewbot.review;

import dev.guildhall.contract.Topics;
import dev.guildhall.reviewbot.context.ContextFinder;
import dev.guildhall.reviewbot.forge.DiffLimits;
import dev.guildhall.reviewbot.forge.Forge;
import dev.guildhall.reviewbot.publish.Outbox;
import dev.guildhall.reviewbot.publish.Patches;
import dev.guildhall.reviewbot.reviewer.Reviewer;
import dev.guildhall.reviewbot.reviewer.SecondCheck;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import org.apache.kafka.common.TopicPartition;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.dao.NonTransientDataAccessResourceException;
import org.springframework.dao.RecoverableDataAccessException;
import org.springframework.dao.TransientDataAccessException;
import org.springframework.jdbc.CannotGetJdbcConnectionException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.kafka.core.KafkaTemplate;
import org.springframework.kafka.listener.DeadLetterPublishingRecoverer;
import org.springframework.kafka.listener.DefaultErrorHandler;
import org.springframework.transaction.CannotCreateTransactionException;
import org.springframework.transaction.support.TransactionTemplate;
import org.springframework.util.backoff.BackOff;
import org.springframework.util.backoff.ExponentialBackOff;
import org.springframework.util.backoff.FixedBackOff;
import tools.jackson.databind.json.JsonMapper;

@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties({WorkSettings.class, DiffLimits.class})
class ReviewConfiguration {

    private static final long RETRY_MILLIS = 1_000;
    private static final long RETRY_MILLIS_MAX = 10_000;
    private static final int RETRIES_MAX = 3;

    @Bean
    Clock clock() {
        return Clock.systemUTC();
    }

    @Bean
    StateDirectory stateDirectory(@Value("${guildhall.state-directory}") Path directory) {
        return StateDirectory.open(directory.toAbsolutePath());
    }

    @Bean
    Reviews reviews(
            JdbcClient database, TransactionTemplate transactions, Outbox outbox, JsonMapper json, Clock clock) {
        return new Reviews(database, transactions, outbox, json, clock);
    }

    @Bean
    ReviewRun reviewRun(
            List<Forge> forges,
            DiffLimits limits,
            ContextFinder contextFinder,
            List<Reviewer> reviewers,
            SecondCheck secondCheck,
            Patches patches,
            WorkSettings settings,
            Clock clock) {
        return new ReviewRun(
                forges, limits, contextFinder, reviewers, secondCheck, patches, settings.findingsMax(), clock);
    }

    @Bean
    ReviewWorker reviewWorker(
            Reviews reviews, ReviewRun run, StateDirectory stateDirectory, WorkSettings settings, Clock clock) {
        return new ReviewWorker(reviews, run, stateDirectory.workerName(), settings, clock);
    }

    @Bean
    PullRequestListener pullRequestListener(Reviews reviews, ReviewWorker worker, JsonMapper json) {
        return new PullRequestListener(reviews, worker, json);
    }

    /** What nobody can read goes to the dead letters at once; a database that is away is waited for. */
    @Bean
    DefaultErrorHandler listenerErrors(KafkaTemplate<String, String> kafka) {
        DeadLetterPublishingRecoverer deadLetters = new DeadLetterPublishingRecoverer(
                kafka, (message, _) -> new TopicPartition(Topics.deadLetter(message.topic()), -1));
        DefaultErrorHandler errors = new DefaultErrorHandler(deadLetters, new FixedBackOff(RETRY_MILLIS, RETRIES_MAX));
        errors.addNotRetryableExceptions(PoisonEventException.class);
        errors.setBackOffFunction((_, error) -> isDatabaseAway(error) ? patient() : null);
        return errors;
    }

    private static BackOff patient() {
        ExponentialBackOff backOff = new ExponentialBackOff(RETRY_MILLIS, 2);
        backOff.setMaxInterval(RETRY_MILLIS_MAX);
        return backOff;
    }

    private static boolean isDatabaseAway(Throwable error) {
        for (Throwable cause = error; cause != null; cause = cause.getCause()) {
            if (cause instanceof CannotCreateTransactionException
                    || cause instanceof CannotGetJdbcConnectionException
                    || cause instanceof TransientDataAccessException
                    || cause instanceof RecoverableDataAccessException
                    || cause instanceof NonTransientDataAccessResourceException) {
                return true;
            }
        }
        return false;
    }
}
