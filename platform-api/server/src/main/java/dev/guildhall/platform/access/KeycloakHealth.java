package dev.guildhall.platform.access;

import java.net.http.HttpClient;
import java.time.Duration;
import org.springframework.boot.health.contributor.AbstractHealthIndicator;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.Status;
import org.springframework.http.client.JdkClientHttpRequestFactory;
import org.springframework.stereotype.Component;
import org.springframework.web.client.RestClient;
import org.springframework.web.client.RestClientException;

/** Whether Keycloak answers. "Unreachable" and not "down": who is signed in stays so without it. */
@Component("keycloakHealthIndicator")
class KeycloakHealth extends AbstractHealthIndicator {

    private static final Status UNREACHABLE = new Status("UNREACHABLE");
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    private final RestClient client;
    private final String keys;

    KeycloakHealth(AccessSettings settings) {
        JdkClientHttpRequestFactory requests = new JdkClientHttpRequestFactory(
                HttpClient.newBuilder().connectTimeout(PATIENCE).build());
        requests.setReadTimeout(PATIENCE);
        this.client = RestClient.builder().requestFactory(requests).build();
        this.keys = settings.endpoint("certs");
    }

    @Override
    protected void doHealthCheck(Health.Builder builder) {
        try {
            client.get().uri(keys).retrieve().toBodilessEntity();
            builder.up();
        } catch (RestClientException exception) {
            builder.status(UNREACHABLE).withDetail("reason", String.valueOf(exception.getMessage()));
        }
    }
}
