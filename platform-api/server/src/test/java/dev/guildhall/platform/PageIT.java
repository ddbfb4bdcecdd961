package dev.guildhall.platform;

import static org.assertj.core.api.Assertions.assertThat;

import dev.guildhall.platform.TestPlatform.Answer;
import java.net.URI;
import java.net.http.HttpRequest;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PageIT {

    private static final Pattern SCRIPT = Pattern.compile("src=\"(/assets/[^\"]+\\.js)\"");

    @SuppressWarnings("NullAway.Init")
    private TestPlatform platform;

    @BeforeAll
    void start() throws Exception {
        platform = TestPlatform.shared();
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", "/index.html", "/reviews/1?file=a.java", "/no/such/page", "/errors", "/logout-help"})
    void addressesOfPagesAreTheFrontPageForStrangersToo(String path) throws Exception {
        Answer answer = platform.get(path);

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.header("Content-Type")).startsWith("text/html");
        assertThat(answer.response().body()).contains("<div id=\"root\">");
        assertThat(answer.header("Set-Cookie")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/api/v1/nothing",
                "/assets/nothing.js",
                "/assets/nothing",
                "/nothing.js",
                "/reviews/nothing.png",
                "/webhooks/nothing",
                "/actuator/nothing",
                "/logout"
            })
    void whatIsMissingElsewhereIsAProblem(String path) throws Exception {
        Answer answer = platform.get(path, TestPlatform.asAdmin());

        assertThat(answer.status()).isEqualTo(404);
        assertThat(answer.header("Content-Type")).startsWith("application/problem+json");
        assertThat(answer.json().get("code").asString()).isEqualTo("not-found");
        assertThat(answer.header("Cache-Control")).contains("no-store");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", "/reviews/1", "/nothing.js"})
    void browsersAreToldWhatAPageMayDo(String path) throws Exception {
        Answer answer = platform.get(path);

        assertThat(answer.header("Content-Security-Policy").split("; "))
                .contains(
                        "default-src 'self'",
                        "script-src 'self'",
                        "style-src 'self'",
                        "connect-src 'self'",
                        "object-src 'none'",
                        "base-uri 'none'",
                        "frame-ancestors 'none'",
                        "form-action 'self' %s://%s"
                                .formatted(
                                        URI.create(TestStack.ISSUER).getScheme(),
                                        URI.create(TestStack.ISSUER).getAuthority()));
        assertThat(answer.header("X-Content-Type-Options")).isEqualTo("nosniff");
        assertThat(answer.header("X-Frame-Options")).isEqualTo("DENY");
        assertThat(answer.header("Referrer-Policy")).isEqualTo("same-origin");
        assertThat(answer.header("Cross-Origin-Opener-Policy")).isEqualTo("same-origin");
        assertThat(answer.header("Permissions-Policy")).contains("camera=()");
    }

    @Test
    void frontPageIsAskedForAgainAndComesOnlyWhereItChanged() throws Exception {
        Answer first = platform.get("/reviews");
        String tag = first.header("ETag");
        Answer unchanged = platform.get("/reviews", "If-None-Match", tag);
        Answer changed = platform.get("/reviews", "If-None-Match", "\"another\"");
        Answer dated = platform.get("/reviews", "If-Modified-Since", "Fri, 31 Dec 2100 23:59:59 GMT");

        assertThat(first.header("Cache-Control")).isEqualTo("no-cache");
        assertThat(first.header("Last-Modified")).isEmpty();
        assertThat(tag).isNotEmpty();
        assertThat(unchanged.status()).isEqualTo(304);
        assertThat(changed.status()).isEqualTo(200);
        assertThat(dated.status()).isEqualTo(200);
        assertThat(platform.get("/icon.svg").header("ETag")).isNotEmpty().isNotEqualTo(tag);
    }

    @Test
    void filesNamedByTheirContentAreNeverAskedForAgain() throws Exception {
        Matcher script = SCRIPT.matcher(platform.get("/").response().body());
        assertThat(script.find()).isTrue();
        Answer answer = platform.get(script.group(1));

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.header("Content-Type")).startsWith("text/javascript");
        assertThat(answer.header("Cache-Control").split(", ")).contains("max-age=31536000", "public", "immutable");
    }

    @Test
    void headIsAnsweredAsGetWithoutTheBody() throws Exception {
        Answer page = platform.get("/reviews/1");
        Answer head = head("/reviews/1");

        assertThat(head.status()).isEqualTo(200);
        assertThat(head.response().body()).isEmpty();
        for (String name : new String[] {"Content-Type", "Content-Length", "ETag", "Content-Security-Policy"}) {
            assertThat(head.header(name)).as(name).isNotEmpty().isEqualTo(page.header(name));
        }
        assertThat(head("/nothing.js").status()).isEqualTo(404);
        assertThat(head("/api/v1/reviews").status()).isEqualTo(401);
        assertThat(head("/api/v1/reviews", TestPlatform.as("viewer")).status()).isEqualTo(200);
    }

    private Answer head(String path, String... headers) throws Exception {
        return platform.send(
                HttpRequest.newBuilder(URI.create(platform.url + path)).HEAD(), headers);
    }
}
