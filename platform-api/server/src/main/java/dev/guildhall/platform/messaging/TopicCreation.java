package dev.guildhall.platform.messaging;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.kafka.core.KafkaAdmin;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

/** Creates this service's topics as soon as Kafka can be reached, which need not be at the start. */
@Component
class TopicCreation {

    private static final Logger log = LoggerFactory.getLogger(TopicCreation.class);

    private final KafkaAdmin admin;
    private volatile boolean created;

    TopicCreation(KafkaAdmin admin) {
        this.admin = admin;
    }

    @Scheduled(fixedDelayString = "5s")
    void createTopics() {
        if (!created && admin.initialize()) {
            created = true;
            log.info("topics are in place");
        }
    }
}
