package dev.guildhall.platform.access;

import jakarta.servlet.DispatcherType;
import jakarta.servlet.http.HttpServletRequest;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.security.access.hierarchicalroles.RoleHierarchy;
import org.springframework.security.access.hierarchicalroles.RoleHierarchyImpl;
import org.springframework.security.authentication.AuthenticationManager;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configurers.AbstractHttpConfigurer;
import org.springframework.security.config.annotation.web.configurers.AuthorizeHttpRequestsConfigurer;
import org.springframework.security.config.annotation.web.configurers.HeadersConfigurer;
import org.springframework.security.config.http.SessionCreationPolicy;
import org.springframework.security.oauth2.client.oidc.web.logout.OidcClientInitiatedLogoutSuccessHandler;
import org.springframework.security.oauth2.client.registration.ClientRegistrationRepository;
import org.springframework.security.oauth2.client.web.DefaultOAuth2AuthorizationRequestResolver;
import org.springframework.security.oauth2.client.web.OAuth2AuthorizationRequestResolver;
import org.springframework.security.oauth2.core.endpoint.OAuth2AuthorizationRequest;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.header.writers.CrossOriginOpenerPolicyHeaderWriter.CrossOriginOpenerPolicy;
import org.springframework.security.web.header.writers.ReferrerPolicyHeaderWriter.ReferrerPolicy;
import org.springframework.security.web.savedrequest.NullRequestCache;

/** Three doors: signed webhooks, tools with a bearer token, browsers with a session. */
@Configuration(proxyBeanMethods = false)
class AccessConfiguration {

    private static final Logger log = LoggerFactory.getLogger(AccessConfiguration.class);
    private static final String API = "/api/**";

    /** Each role may do what the next one may. */
    @Bean
    static RoleHierarchy roleHierarchy() {
        return RoleHierarchyImpl.withDefaultRolePrefix()
                .role(Role.ADMIN.name())
                .implies(Role.DEVELOPER.name())
                .role(Role.DEVELOPER.name())
                .implies(Role.VIEWER.name())
                .build();
    }

    /** Forges: the webhook itself checks the signature over the body. */
    @Bean
    @Order(1)
    SecurityFilterChain webhooks(HttpSecurity http) throws Exception {
        return http.securityMatcher("/webhooks/**")
                .authorizeHttpRequests(requests -> requests.anyRequest().permitAll())
                .csrf(AbstractHttpConfigurer::disable)
                .requestCache(cache -> cache.requestCache(new NullRequestCache()))
                .sessionManagement(session -> session.sessionCreationPolicy(SessionCreationPolicy.STATELESS))
                .build();
    }

    /** Tools: whoever sends a bearer token is judged by it alone, not by a cookie. */
    @Bean
    @Order(2)
    SecurityFilterChain tools(HttpSecurity http, AuthenticationManager bearerTokens, AccessProblems problems)
            throws Exception {
        return http.securityMatcher(AccessConfiguration::isToolRequest)
                .authorizeHttpRequests(AccessConfiguration::rules)
                .csrf(AbstractHttpConfigurer::disable)
                .requestCache(cache -> cache.requestCache(new NullRequestCache()))
                .sessionManagement(session -> session.sessionCreationPolicy(SessionCreationPolicy.STATELESS))
                .oauth2ResourceServer(server -> server.authenticationManagerResolver(request -> bearerTokens)
                        .authenticationEntryPoint(problems)
                        .accessDeniedHandler(problems))
                .exceptionHandling(
                        handling -> handling.authenticationEntryPoint(problems).accessDeniedHandler(problems))
                .build();
    }

    /** Browsers, and everything that the other doors leave. */
    @Bean
    @Order(3)
    SecurityFilterChain browsers(
            HttpSecurity http,
            AccessSettings settings,
            ClientRegistrationRepository registrations,
            AccessProblems problems)
            throws Exception {
        OidcClientInitiatedLogoutSuccessHandler logout = new OidcClientInitiatedLogoutSuccessHandler(registrations);
        logout.setPostLogoutRedirectUri(settings.publicUrl() + "/");
        logout.setDefaultTargetUrl("/");
        return http.authorizeHttpRequests(AccessConfiguration::rules)
                .oauth2Login(login -> login.authorizationEndpoint(
                                endpoint -> endpoint.authorizationRequestResolver(authorizationRequests(registrations)))
                        .successHandler((request, response, _) ->
                                response.sendRedirect(settings.publicUrl() + ReturnPath.recall(request)))
                        .failureHandler((_, response, exception) -> {
                            log.warn("a sign-in failed: {}", exception.getMessage());
                            response.sendRedirect(settings.publicUrl() + "/?sign-in=failed");
                        }))
                .logout(configurer -> configurer.logoutUrl("/logout").logoutSuccessHandler(logout))
                .requestCache(cache -> cache.requestCache(new NullRequestCache()))
                .headers(headers -> headers.contentSecurityPolicy(
                                policy -> policy.policyDirectives(contentSecurityPolicy(settings)))
                        .frameOptions(HeadersConfigurer.FrameOptionsConfig::deny)
                        .referrerPolicy(policy -> policy.policy(ReferrerPolicy.SAME_ORIGIN))
                        .permissionsPolicyHeader(
                                policy -> policy.policy("camera=(), geolocation=(), microphone=(), payment=()"))
                        .crossOriginOpenerPolicy(policy -> policy.policy(CrossOriginOpenerPolicy.SAME_ORIGIN)))
                .exceptionHandling(
                        handling -> handling.authenticationEntryPoint(problems).accessDeniedHandler(problems))
                .build();
    }

    /** Who may do what. What is not named under the API is nobody's. */
    private static void rules(
            AuthorizeHttpRequestsConfigurer<HttpSecurity>.AuthorizationManagerRequestMatcherRegistry requests) {
        requests.dispatcherTypeMatchers(DispatcherType.ERROR, DispatcherType.ASYNC)
                .permitAll()
                .requestMatchers(HttpMethod.GET, "/api/v1/openapi/**")
                .permitAll()
                .requestMatchers(HttpMethod.GET, "/api/v1/session")
                .authenticated()
                .requestMatchers(HttpMethod.POST, "/api/v1/repositories/*/reviews", "/api/v1/reviews/*/runs")
                .hasRole(Role.DEVELOPER.name())
                .requestMatchers(HttpMethod.POST, "/api/v1/search")
                .hasRole(Role.DEVELOPER.name())
                .requestMatchers(HttpMethod.GET, API)
                .hasRole(Role.VIEWER.name())
                .requestMatchers(HttpMethod.HEAD, API)
                .hasRole(Role.VIEWER.name())
                .requestMatchers(API)
                .hasRole(Role.ADMIN.name())
                .anyRequest()
                .permitAll();
    }

    private static boolean isToolRequest(HttpServletRequest request) {
        return request.getRequestURI().startsWith("/api/") && request.getHeader(HttpHeaders.AUTHORIZATION) != null;
    }

    private static OAuth2AuthorizationRequestResolver authorizationRequests(
            ClientRegistrationRepository registrations) {
        DefaultOAuth2AuthorizationRequestResolver resolver =
                new DefaultOAuth2AuthorizationRequestResolver(registrations);
        return new OAuth2AuthorizationRequestResolver() {
            @Override
            public @Nullable OAuth2AuthorizationRequest resolve(HttpServletRequest request) {
                if (!request.getRequestURI().equals("/oauth2/authorization/" + SignInConfiguration.WEB)) {
                    return null;
                }
                ReturnPath.remember(request);
                return resolver.resolve(request);
            }

            @Override
            public @Nullable OAuth2AuthorizationRequest resolve(HttpServletRequest request, String registration) {
                return resolver.resolve(request, registration);
            }
        };
    }

    /** Only our own files run; signing out posts to us and is led on to Keycloak, which counts as a form's target. */
    private static String contentSecurityPolicy(AccessSettings settings) {
        return String.join(
                "; ",
                "default-src 'self'",
                "script-src 'self'",
                "style-src 'self'",
                "style-src-attr 'unsafe-inline'",
                "img-src 'self' data:",
                "font-src 'self'",
                "connect-src 'self'",
                "object-src 'none'",
                "base-uri 'none'",
                "frame-ancestors 'none'",
                "form-action 'self' " + settings.issuerOrigin());
    }
}
