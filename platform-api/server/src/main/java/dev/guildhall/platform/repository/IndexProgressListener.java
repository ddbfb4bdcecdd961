package dev.guildhall.platform.repository;

import dev.guildhall.contract.Topics;
import dev.guildhall.contract.event.IndexProgress;
import dev.guildhall.platform.messaging.ConsumedEvents;
import dev.guildhall.platform.messaging.EventReader;
import dev.guildhall.platform.messaging.ReceivedEvent;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.springframework.kafka.annotation.KafkaListener;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;

/** Takes in what the indexer says about its work. */
@Component
class IndexProgressListener {

    private final EventReader events;
    private final ConsumedEvents consumed;
    private final Repositories repositories;
    private final TransactionTemplate transactions;

    IndexProgressListener(
            EventReader events, ConsumedEvents consumed, Repositories repositories, TransactionTemplate transactions) {
        this.events = events;
        this.consumed = consumed;
        this.repositories = repositories;
        this.transactions = transactions;
    }

    @KafkaListener(topics = Topics.INDEX_PROGRESS)
    void receive(ConsumerRecord<String, byte[]> record) {
        ReceivedEvent received = events.read(record);
        if (received.event() instanceof IndexProgress progress) {
            transactions.executeWithoutResult(_ -> {
                if (consumed.addIfNew(received.id())) {
                    repositories.record(progress);
                }
            });
        }
    }
}
