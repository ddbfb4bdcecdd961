package dev.guildhall.platform.messaging;

import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.AdminClient;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.boot.health.contributor.AbstractHealthIndicator;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.Status;
import org.springframework.kafka.core.KafkaAdmin;
import org.springframework.stereotype.Component;

/** Whether Kafka answers. "Unreachable" and not "down": reading goes on without it. */
@Component("kafkaHealthIndicator")
class KafkaHealth extends AbstractHealthIndicator implements DisposableBean {

    private static final Status UNREACHABLE = new Status("UNREACHABLE");

    private final AdminClient client;

    KafkaHealth(KafkaAdmin admin) {
        this.client = AdminClient.create(admin.getConfigurationProperties());
    }

    @Override
    protected void doHealthCheck(Health.Builder builder) throws InterruptedException {
        try {
            int nodes =
                    client.describeCluster().nodes().get(2, TimeUnit.SECONDS).size();
            builder.up().withDetail("nodes", nodes);
        } catch (ExecutionException | TimeoutException exception) {
            builder.status(UNREACHABLE).withDetail("reason", String.valueOf(exception.getMessage()));
        }
    }

    @Override
    public void destroy() {
        client.close(Duration.ofSeconds(1));
    }
}
