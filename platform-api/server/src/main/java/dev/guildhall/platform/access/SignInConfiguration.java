package dev.guildhall.platform.access;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.security.authentication.AuthenticationManager;
import org.springframework.security.authentication.AuthenticationServiceException;
import org.springframework.security.authentication.ProviderManager;
import org.springframework.security.core.GrantedAuthority;
import org.springframework.security.core.authority.mapping.GrantedAuthoritiesMapper;
import org.springframework.security.oauth2.client.registration.ClientRegistration;
import org.springframework.security.oauth2.client.registration.ClientRegistrationRepository;
import org.springframework.security.oauth2.client.registration.InMemoryClientRegistrationRepository;
import org.springframework.security.oauth2.core.AuthorizationGrantType;
import org.springframework.security.oauth2.core.ClientAuthenticationMethod;
import org.springframework.security.oauth2.core.DelegatingOAuth2TokenValidator;
import org.springframework.security.oauth2.core.oidc.user.OidcUserAuthority;
import org.springframework.security.oauth2.jwt.Jwt;
import org.springframework.security.oauth2.jwt.JwtClaimNames;
import org.springframework.security.oauth2.jwt.JwtClaimValidator;
import org.springframework.security.oauth2.jwt.JwtDecoder;
import org.springframework.security.oauth2.jwt.JwtValidators;
import org.springframework.security.oauth2.jwt.NimbusJwtDecoder;
import org.springframework.security.oauth2.server.resource.authentication.JwtAuthenticationConverter;
import org.springframework.security.oauth2.server.resource.authentication.JwtAuthenticationProvider;

/** What we know of Keycloak: written down, not discovered, so that this service starts while Keycloak is away. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(AccessSettings.class)
class SignInConfiguration {

    /** For people in browsers. Part of addresses: {@code /oauth2/authorization/guildhall}. */
    static final String WEB = "guildhall";

    private static final String AUDIENCE = "guildhall";
    private static final String USER_NAME_CLAIM = "preferred_username";

    @Bean
    ClientRegistrationRepository clientRegistrations(AccessSettings settings) {
        ClientRegistration web = ClientRegistration.withRegistrationId(WEB)
                .clientId(settings.webClientId())
                .clientSecret(settings.webClientSecret())
                .clientAuthenticationMethod(ClientAuthenticationMethod.CLIENT_SECRET_BASIC)
                .authorizationGrantType(AuthorizationGrantType.AUTHORIZATION_CODE)
                .clientSettings(ClientRegistration.ClientSettings.builder()
                        .requireProofKey(true)
                        .build())
                .redirectUri(settings.publicUrl() + "/login/oauth2/code/" + WEB)
                .scope("openid", "profile")
                .issuerUri(settings.issuer())
                .authorizationUri(settings.endpoint("auth"))
                .tokenUri(settings.endpoint("token"))
                .jwkSetUri(settings.endpoint("certs"))
                .userNameAttributeName(USER_NAME_CLAIM)
                .providerConfigurationMetadata(Map.of("end_session_endpoint", settings.endpoint("logout")))
                .build();
        ClientRegistration service = ClientRegistration.withRegistrationId(ServiceIdentity.REGISTRATION)
                .clientId(settings.serviceClientId())
                .clientSecret(settings.serviceClientSecret())
                .clientAuthenticationMethod(ClientAuthenticationMethod.CLIENT_SECRET_BASIC)
                .authorizationGrantType(AuthorizationGrantType.CLIENT_CREDENTIALS)
                .tokenUri(settings.endpoint("token"))
                .build();
        return new InMemoryClientRegistrationRepository(web, service);
    }

    /** Roles of people: from the ID token. */
    @Bean
    GrantedAuthoritiesMapper rolesOfPeople() {
        return SignInConfiguration::roles;
    }

    private static Set<GrantedAuthority> roles(Collection<? extends GrantedAuthority> authorities) {
        return authorities.stream()
                .filter(OidcUserAuthority.class::isInstance)
                .map(OidcUserAuthority.class::cast)
                .flatMap(person -> Role.authorities(person.getIdToken().getClaimAsStringList(Role.CLAIM)).stream())
                .collect(Collectors.toUnmodifiableSet());
    }

    @Bean
    JwtDecoder jwtDecoder(AccessSettings settings) {
        NimbusJwtDecoder decoder =
                NimbusJwtDecoder.withJwkSetUri(settings.endpoint("certs")).build();
        decoder.setJwtValidator(new DelegatingOAuth2TokenValidator<>(
                JwtValidators.createDefaultWithIssuer(settings.issuer()),
                new JwtClaimValidator<List<String>>(
                        JwtClaimNames.AUD, audience -> audience != null && audience.contains(AUDIENCE))));
        return decoder;
    }

    /** Bearer tokens: the platform's API key, else a token of Keycloak's. */
    @Bean
    AuthenticationManager bearerTokens(AccessSettings settings, JwtDecoder decoder) {
        JwtAuthenticationConverter converter = new JwtAuthenticationConverter();
        converter.setPrincipalClaimName(USER_NAME_CLAIM);
        converter.setJwtGrantedAuthoritiesConverter(SignInConfiguration::roles);
        JwtAuthenticationProvider tokens = new JwtAuthenticationProvider(decoder);
        tokens.setJwtAuthenticationConverter(converter);
        ProviderManager manager = new ProviderManager(new ApiKeys(settings.apiKeySha256()), tokens);
        return authentication -> {
            try {
                return manager.authenticate(authentication);
            } catch (AuthenticationServiceException exception) {
                throw new SignInUnavailableException("Keycloak's keys cannot be fetched", exception);
            }
        };
    }

    private static Collection<GrantedAuthority> roles(Jwt token) {
        return Role.authorities(token.getClaimAsStringList(Role.CLAIM));
    }
}
