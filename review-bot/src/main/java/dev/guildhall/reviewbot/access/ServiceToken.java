package dev.guildhall.reviewbot.access;

import org.springframework.security.oauth2.client.OAuth2AuthorizeRequest;
import org.springframework.security.oauth2.client.OAuth2AuthorizedClient;
import org.springframework.security.oauth2.client.OAuth2AuthorizedClientManager;

/** How this service identifies itself to others: a token by client credentials, renewed when it is about to end. */
final class ServiceToken {

    private static final String REGISTRATION = "guildhall";
    private static final String PRINCIPAL = "review-bot";

    private final OAuth2AuthorizedClientManager clients;

    ServiceToken(OAuth2AuthorizedClientManager clients) {
        this.clients = clients;
    }

    String value() {
        OAuth2AuthorizedClient client = clients.authorize(OAuth2AuthorizeRequest.withClientRegistrationId(REGISTRATION)
                .principal(PRINCIPAL)
                .build());
        if (client == null) {
            throw new IllegalStateException(
                    "no token for client registration '%s': it must use client credentials".formatted(REGISTRATION));
        }
        return client.getAccessToken().getTokenValue();
    }
}
