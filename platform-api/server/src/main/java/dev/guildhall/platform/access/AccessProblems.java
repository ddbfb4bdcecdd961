package dev.guildhall.platform.access;

import dev.guildhall.platform.problem.ErrorCode;
import dev.guildhall.platform.problem.Problems;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.springframework.http.HttpHeaders;
import org.springframework.security.access.AccessDeniedException;
import org.springframework.security.core.AuthenticationException;
import org.springframework.security.oauth2.core.OAuth2AuthenticationException;
import org.springframework.security.web.AuthenticationEntryPoint;
import org.springframework.security.web.access.AccessDeniedHandler;
import org.springframework.security.web.csrf.CsrfException;
import org.springframework.stereotype.Component;

/** Answers those who are not let through: a problem, never a redirect. */
@Component
class AccessProblems implements AuthenticationEntryPoint, AccessDeniedHandler {

    private final Problems problems;

    AccessProblems(Problems problems) {
        this.problems = problems;
    }

    @Override
    public void commence(HttpServletRequest request, HttpServletResponse response, AuthenticationException exception)
            throws IOException {
        switch (exception) {
            case SignInUnavailableException _ ->
                problems.write(
                        ErrorCode.SIGN_IN_UNAVAILABLE,
                        "the token cannot be checked while Keycloak is away: try again",
                        request,
                        response);
            case OAuth2AuthenticationException _ -> {
                response.setHeader(HttpHeaders.WWW_AUTHENTICATE, "Bearer error=\"invalid_token\"");
                problems.write(
                        ErrorCode.INVALID_TOKEN,
                        "the bearer token is neither the platform's API key nor a valid token for 'guildhall'",
                        request,
                        response);
            }
            default -> {
                response.setHeader(HttpHeaders.WWW_AUTHENTICATE, "Bearer");
                problems.write(
                        ErrorCode.NOT_SIGNED_IN,
                        "sign in at /oauth2/authorization/guildhall, or send an Authorization: Bearer header",
                        request,
                        response);
            }
        }
    }

    @Override
    public void handle(HttpServletRequest request, HttpServletResponse response, AccessDeniedException exception)
            throws IOException {
        if (exception instanceof CsrfException) {
            problems.write(
                    ErrorCode.INVALID_CSRF_TOKEN,
                    "fetch GET /api/v1/session and send its csrf.token in the header that it names",
                    request,
                    response);
        } else {
            problems.write(
                    ErrorCode.NOT_ALLOWED,
                    "%s %s needs another role: ask an admin".formatted(request.getMethod(), request.getRequestURI()),
                    request,
                    response);
        }
    }
}
