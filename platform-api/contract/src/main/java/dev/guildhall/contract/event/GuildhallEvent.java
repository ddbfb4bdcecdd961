package dev.guildhall.contract.event;

import com.fasterxml.jackson.annotation.JsonIgnore;
import dev.guildhall.contract.Topics;

/** A fact that one service tells the others over Kafka. */
public sealed interface GuildhallEvent
        permits PullRequestEvent, PushEvent, RepositoryRemoved, IndexProgress, ReviewProgress, ReviewCompleted {

    /** The value of the {@code ce_type} header. */
    @JsonIgnore
    default String type() {
        return switch (this) {
            case PullRequestEvent _ -> PullRequestEvent.TYPE;
            case PushEvent _ -> PushEvent.TYPE;
            case RepositoryRemoved _ -> RepositoryRemoved.TYPE;
            case IndexProgress _ -> IndexProgress.TYPE;
            case ReviewProgress _ -> ReviewProgress.TYPE;
            case ReviewCompleted _ -> ReviewCompleted.TYPE;
        };
    }

    /** The topic that carries this event. */
    @JsonIgnore
    default String topic() {
        return switch (this) {
            case PullRequestEvent _ -> Topics.PULL_REQUEST;
            case PushEvent _, RepositoryRemoved _ -> Topics.PUSH;
            case IndexProgress _ -> Topics.INDEX_PROGRESS;
            case ReviewProgress _ -> Topics.REVIEW_PROGRESS;
            case ReviewCompleted _ -> Topics.REVIEW_COMPLETED;
        };
    }

    /** The Kafka key: events with one key keep their order. */
    @JsonIgnore
    String key();
}
