package dev.guildhall.indexer.access;

import org.jspecify.annotations.Nullable;
import org.springframework.security.oauth2.client.OAuth2AuthorizeRequest;
import org.springframework.security.oauth2.client.OAuth2AuthorizedClient;
import org.springframework.security.oauth2.client.OAuth2AuthorizedClientManager;

/** The bearer token by which this service is known to the others; fetched when first wanted, renewed before it ends. */
public final class ServiceToken {

    private final OAuth2AuthorizedClientManager clients;
    private final OAuth2AuthorizeRequest request;

    ServiceToken(OAuth2AuthorizedClientManager clients, String registrationId, String principal) {
        this.clients = clients;
        this.request = OAuth2AuthorizeRequest.withClientRegistrationId(registrationId)
                .principal(principal)
                .build();
    }

    /** @throws org.springframework.security.oauth2.client.ClientAuthorizationException when there is none to be had */
    public String value() {
        @Nullable OAuth2AuthorizedClient client = clients.authorize(request);
        if (client == null) {
            throw new IllegalStateException(
                    "no token for client registration '%s': it must allow the grant client_credentials"
                            .formatted(request.getClientRegistrationId()));
        }
        return client.getAccessToken().getTokenValue();
    }
}
