package dev.guildhall.inference.access;

import dev.guildhall.inference.InferenceSettings;
import dev.guildhall.inference.problem.ErrorWriter;
import jakarta.servlet.DispatcherType;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.client.SimpleClientHttpRequestFactory;
import org.springframework.security.authentication.AuthenticationManager;
import org.springframework.security.authentication.AuthenticationProvider;
import org.springframework.security.authentication.AuthenticationServiceException;
import org.springframework.security.authentication.ProviderManager;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configurers.AbstractHttpConfigurer;
import org.springframework.security.config.http.SessionCreationPolicy;
import org.springframework.security.core.GrantedAuthority;
import org.springframework.security.core.authority.AuthorityUtils;
import org.springframework.security.oauth2.core.DelegatingOAuth2TokenValidator;
import org.springframework.security.oauth2.jwt.Jwt;
import org.springframework.security.oauth2.jwt.JwtClaimNames;
import org.springframework.security.oauth2.jwt.JwtClaimValidator;
import org.springframework.security.oauth2.jwt.JwtDecoder;
import org.springframework.security.oauth2.jwt.JwtValidators;
import org.springframework.security.oauth2.jwt.NimbusJwtDecoder;
import org.springframework.security.oauth2.server.resource.authentication.JwtAuthenticationConverter;
import org.springframework.security.oauth2.server.resource.authentication.JwtAuthenticationProvider;
import org.springframework.security.web.AuthenticationEntryPoint;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.access.AccessDeniedHandler;
import org.springframework.web.client.RestTemplate;

/** Guards every path but health and metrics. */
@Configuration(proxyBeanMethods = false)
class AccessConfiguration {

    /** What a caller needs: the role {@code service} in its token, or an API key. */
    static final String SERVICE = "ROLE_service";

    private static final String AUDIENCE = "guildhall";
    private static final Duration KEYS_TIMEOUT = Duration.ofSeconds(5);

    @Bean
    SecurityFilterChain filterChain(HttpSecurity http, InferenceSettings settings, ErrorWriter errors) {
        AuthenticationManager authentication = authenticationManager(settings);
        AuthenticationEntryPoint unauthenticated = unauthenticated(errors);
        AccessDeniedHandler denied = (_, response, _) -> errors.write(
                response,
                HttpStatus.FORBIDDEN,
                "role-missing",
                "the token is good but lacks the role 'service'; ask for a token of a service account");
        return http.authorizeHttpRequests(
                        requests -> requests.dispatcherTypeMatchers(DispatcherType.ERROR, DispatcherType.ASYNC)
                                .permitAll()
                                .requestMatchers("/actuator/health", "/actuator/health/*", "/actuator/prometheus")
                                .permitAll()
                                .anyRequest()
                                .hasAuthority(SERVICE))
                .oauth2ResourceServer(server -> server.authenticationManagerResolver(_ -> authentication)
                        .authenticationEntryPoint(unauthenticated)
                        .accessDeniedHandler(denied))
                .exceptionHandling(exceptions ->
                        exceptions.authenticationEntryPoint(unauthenticated).accessDeniedHandler(denied))
                .sessionManagement(sessions -> sessions.sessionCreationPolicy(SessionCreationPolicy.STATELESS))
                .csrf(AbstractHttpConfigurer::disable)
                .requestCache(AbstractHttpConfigurer::disable)
                .logout(AbstractHttpConfigurer::disable)
                .build();
    }

    private static AuthenticationManager authenticationManager(InferenceSettings settings) {
        List<AuthenticationProvider> providers = new ArrayList<>();
        providers.add(new ApiKeyAuthentication(settings.apiKeySha256()));
        if (!settings.issuer().isBlank()) {
            JwtAuthenticationProvider tokens = new JwtAuthenticationProvider(decoder(settings.issuer()));
            JwtAuthenticationConverter converter = new JwtAuthenticationConverter();
            converter.setJwtGrantedAuthoritiesConverter(AccessConfiguration::roles);
            tokens.setJwtAuthenticationConverter(converter);
            providers.add(tokens);
        }
        ProviderManager manager = new ProviderManager(providers);
        return authentication -> {
            try {
                return manager.authenticate(authentication);
            } catch (AuthenticationServiceException unavailable) {
                String message =
                        "the keys of %s cannot be read; try again when it answers".formatted(settings.issuer());
                throw new IssuerUnavailableException(message, unavailable);
            }
        };
    }

    /** Reads the realm's keys with the first token, not at start: the realm may come up later than this node. */
    private static JwtDecoder decoder(String issuer) {
        SimpleClientHttpRequestFactory requests = new SimpleClientHttpRequestFactory();
        requests.setConnectTimeout(KEYS_TIMEOUT);
        requests.setReadTimeout(KEYS_TIMEOUT);
        NimbusJwtDecoder decoder = NimbusJwtDecoder.withJwkSetUri(issuer + "/protocol/openid-connect/certs")
                .restOperations(new RestTemplate(requests))
                .build();
        decoder.setJwtValidator(new DelegatingOAuth2TokenValidator<>(
                JwtValidators.createDefaultWithIssuer(issuer),
                new JwtClaimValidator<List<String>>(
                        JwtClaimNames.AUD, audience -> audience != null && audience.contains(AUDIENCE))));
        return decoder;
    }

    private static Collection<GrantedAuthority> roles(Jwt token) {
        List<String> roles = token.getClaimAsStringList("roles");
        return roles == null
                ? List.of()
                : AuthorityUtils.createAuthorityList(
                        roles.stream().map(role -> "ROLE_" + role).toList());
    }

    private static AuthenticationEntryPoint unauthenticated(ErrorWriter errors) {
        return (_, response, failure) -> {
            if (failure instanceof IssuerUnavailableException) {
                errors.write(
                        response,
                        HttpStatus.SERVICE_UNAVAILABLE,
                        "issuer-unavailable",
                        String.valueOf(failure.getMessage()));
                return;
            }
            response.setHeader(HttpHeaders.WWW_AUTHENTICATE, "Bearer");
            errors.write(
                    response,
                    HttpStatus.UNAUTHORIZED,
                    "token-invalid",
                    "no valid token: send 'Authorization: Bearer' with an API key or a token for the audience '%s' (%s)"
                            .formatted(AUDIENCE, failure.getMessage()));
        };
    }
}
