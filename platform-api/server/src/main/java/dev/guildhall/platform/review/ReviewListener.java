package dev.guildhall.platform.review;

import dev.guildhall.contract.Topics;
import dev.guildhall.contract.event.ReviewCompleted;
import dev.guildhall.contract.event.ReviewProgress;
import dev.guildhall.platform.messaging.ConsumedEvents;
import dev.guildhall.platform.messaging.EventReader;
import dev.guildhall.platform.messaging.ReceivedEvent;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.springframework.kafka.annotation.KafkaListener;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;

/** Takes in what the review bot says about its work. */
@Component
class ReviewListener {

    private final EventReader events;
    private final ConsumedEvents consumed;
    private final Reviews reviews;
    private final TransactionTemplate transactions;

    ReviewListener(EventReader events, ConsumedEvents consumed, Reviews reviews, TransactionTemplate transactions) {
        this.events = events;
        this.consumed = consumed;
        this.reviews = reviews;
        this.transactions = transactions;
    }

    @KafkaListener(topics = {Topics.REVIEW_PROGRESS, Topics.REVIEW_COMPLETED})
    void receive(ConsumerRecord<String, byte[]> record) {
        ReceivedEvent received = events.read(record);
        transactions.executeWithoutResult(_ -> {
            if (consumed.addIfNew(received.id())) {
                if (received.event() instanceof ReviewProgress progress) {
                    reviews.record(progress);
                } else if (received.event() instanceof ReviewCompleted completed) {
                    reviews.record(completed);
                }
            }
        });
    }
}
