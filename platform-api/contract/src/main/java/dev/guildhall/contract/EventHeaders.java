package dev.guildhall.contract;

/** Kafka headers: the attributes of CloudEvents 1.0 in its Kafka binding's binary mode, as UTF-8 strings. */
public final class EventHeaders {

    /** Unique per event; a redelivery carries the same one, and consumers drop what they have seen. */
    public static final String ID = "ce_id";

    /** The event's type: {@code GuildhallEvent.type()}. */
    public static final String TYPE = "ce_type";

    /** The writing service: {@code /platform-api}, {@code /review-bot}, {@code /repo-indexer}. */
    public static final String SOURCE = "ce_source";

    /** RFC 3339 time of the fact. */
    public static final String TIME = "ce_time";

    /** Always {@code 1.0}. */
    public static final String SPEC_VERSION = "ce_specversion";

    private EventHeaders() {}
}
