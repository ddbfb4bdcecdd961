package dev.guildhall.contract;

/** Kafka topic names. Keys keep order: see each constant. */
public final class Topics {

    /** {@code PullRequestEvent}; key: repository id + {@code #} + pull-request number. */
    public static final String PULL_REQUEST = "forge.pull-request";

    /** {@code PushEvent} and {@code RepositoryRemoved}; key: repository id. */
    public static final String PUSH = "forge.push";

    /** {@code IndexProgress}; key: repository id. */
    public static final String INDEX_PROGRESS = "index.progress";

    /** {@code ReviewProgress}; key: repository id + {@code #} + pull-request number. */
    public static final String REVIEW_PROGRESS = "review.progress";

    /** {@code ReviewCompleted}; key: repository id + {@code #} + pull-request number. */
    public static final String REVIEW_COMPLETED = "review.completed";

    /** Partitions of every topic: the most consumers of one group that can share the work. */
    public static final int PARTITIONS = 6;

    private Topics() {}

    /** Where a consumer of {@code topic} puts what it cannot process. */
    public static String deadLetter(String topic) {
        return topic + ".dlt";
    }
}
