package dev.guildhall.platform;

import static org.assertj.core.api.Assertions.assertThat;

import dev.guildhall.platform.TestPlatform.Answer;
import java.io.IOException;
import java.net.CookieHandler;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import tools.jackson.databind.JsonNode;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class AccessIT {

    private static final Pattern LOGIN_FORM = Pattern.compile("action=\"([^\"]+)\"");

    @SuppressWarnings("NullAway.Init")
    private TestPlatform platform;

    @BeforeAll
    void start() throws Exception {
        platform = TestPlatform.shared();
    }

    @Test
    void strangersAreToldToSignInAndNotRedirected() throws Exception {
        for (String path : List.of("/api/v1/session", "/api/v1/reviews", "/api/v1/nothing")) {
            Answer answer = platform.get(path);
            assertThat(answer.status()).isEqualTo(401);
            assertThat(answer.json().get("code").asString()).isEqualTo("not-signed-in");
            assertThat(answer.header("Content-Type")).startsWith("application/problem+json");
            assertThat(answer.header("Set-Cookie")).isEmpty();
        }
    }

    @Test
    void personSignsInByKeycloakAndOutAgain() throws Exception {
        Browser browser = new Browser();
        URI landing = browser.signIn("dev", "/reviews/1?tab=files");
        assertThat(landing).isEqualTo(URI.create(platform.url + "/reviews/1?tab=files"));

        JsonNode session =
                TestPlatform.JSON.readTree(browser.get("/api/v1/session").body());
        assertThat(session.get("user").get("name").asString()).isEqualTo("dev");
        assertThat(TestPlatform.texts(session.get("user").get("roles"))).containsExactly("developer", "viewer");
        assertThat(session.get("version").asString()).isEqualTo("0.1.0");
        String header = session.get("csrf").get("header").asString();
        String token = session.get("csrf").get("token").asString();
        assertThat(header).isEqualTo("X-CSRF-TOKEN");

        assertThat(browser.get("/api/v1/reviews").statusCode()).isEqualTo(200);
        String search = "{\"text\":\"refund\"}";
        HttpResponse<String> withoutToken = browser.post("/api/v1/search", search, Map.of());
        assertThat(withoutToken.statusCode()).isEqualTo(403);
        assertThat(withoutToken.body()).contains("invalid-csrf-token");
        assertThat(browser.post("/api/v1/search", search, Map.of(header, token)).statusCode())
                .isEqualTo(200);
        HttpResponse<String> notAllowed = browser.post("/api/v1/repositories", "{}", Map.of(header, token));
        assertThat(notAllowed.statusCode()).isEqualTo(403);
        assertThat(notAllowed.body()).contains("\"not-allowed\"");

        assertThat(browser.post("/logout", "", Map.of()).statusCode()).isEqualTo(403);
        HttpResponse<String> out = browser.post("/logout", "", Map.of(header, token));
        assertThat(out.statusCode()).isEqualTo(302);
        String end = out.headers().firstValue("Location").orElse("");
        assertThat(end)
                .startsWith(TestStack.ISSUER + "/protocol/openid-connect/logout")
                .contains("id_token_hint=");
        HttpResponse<String> back = browser.follow(URI.create(end));
        assertThat(back.uri()).isEqualTo(URI.create(platform.url + "/"));
        assertThat(browser.get("/api/v1/session").statusCode()).isEqualTo(401);
        // Keycloak's own session is over too: it asks for the password again.
        assertThat(browser.follow(URI.create(platform.url + "/oauth2/authorization/guildhall"))
                        .body())
                .contains("password");
    }

    @Test
    void authorizationRequestIsProtectedAndTheCookieIsToo() throws Exception {
        HttpResponse<String> start = HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create(platform.url + "/oauth2/authorization/guildhall"))
                                .build(),
                        BodyHandlers.ofString());
        assertThat(start.headers().firstValue("Location").orElse(""))
                .startsWith(TestStack.ISSUER + "/protocol/openid-connect/auth")
                .contains("code_challenge_method=S256", "nonce=", "state=", "client_id=guildhall-web");
        assertThat(start.headers().firstValue("Set-Cookie").orElse(""))
                .startsWith("guildhall-session-")
                .contains("HttpOnly", "SameSite=Lax");
    }

    @Test
    void returnPathNeverLeadsToAnotherHost() throws Exception {
        for (String elsewhere : List.of("//evil.example/", "https://evil.example", "/\\evil.example")) {
            assertThat(new Browser().signIn("viewer", elsewhere)).isEqualTo(URI.create(platform.url + "/"));
        }
    }

    @Test
    void signInSurvivesWhateverTheCookieSays() throws Exception {
        assertThat(platform.get("/api/v1/session", "Cookie", "guildhall-session-1=zzz; guildhall-session=!!")
                        .status())
                .isEqualTo(401);
    }

    @Test
    void tokensOfKeycloakOpenWhatTheirRolesAllow() throws Exception {
        String[] viewer = TestPlatform.as("viewer");
        assertThat(platform.get("/api/v1/reviews", viewer).status()).isEqualTo(200);
        assertThat(platform.post("/api/v1/search", "{\"text\":\"x\"}", viewer).status())
                .isEqualTo(403);
        assertThat(platform.post("/api/v1/reviews/1/runs", "", viewer).status()).isEqualTo(403);

        String[] developer = TestPlatform.as("dev");
        assertThat(platform.post("/api/v1/search", "{\"text\":\"x\"}", developer)
                        .status())
                .isEqualTo(200);
        assertThat(platform.post("/api/v1/repositories", "{}", developer).status())
                .isEqualTo(403);

        String[] admin = TestPlatform.as("admin");
        assertThat(platform.post("/api/v1/repositories", "{}", admin).status()).isEqualTo(400);
        JsonNode session = platform.get("/api/v1/session", admin).json();
        assertThat(session.get("user").get("name").asString()).isEqualTo("admin");
        assertThat(TestPlatform.texts(session.get("user").get("roles")))
                .containsExactly("admin", "developer", "viewer");
        assertThat(session.get("csrf").isNull()).isTrue();
    }

    @Test
    void apiKeyIsTheAdminAndAnythingElseIsNobody() throws Exception {
        assertThat(platform.get("/api/v1/repositories", TestPlatform.asAdmin()).status())
                .isEqualTo(200);
        for (String token : List.of("wrong", "a.b.c", TestPlatform.API_KEY + "x")) {
            Answer answer = platform.get("/api/v1/repositories", "Authorization", "Bearer " + token);
            assertThat(answer.status()).isEqualTo(401);
            assertThat(answer.json().get("code").asString()).isEqualTo("invalid-token");
        }
    }

    @Test
    void rolesOfServicesOpenNothing() throws Exception {
        HttpResponse<String> response = HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create(TestStack.ISSUER + "/protocol/openid-connect/token"))
                                .header("Content-Type", "application/x-www-form-urlencoded")
                                .POST(BodyPublishers.ofString(
                                        "grant_type=client_credentials&client_id=review-bot&client_secret="
                                                + TestStack.CLIENT_SECRET))
                                .build(),
                        BodyHandlers.ofString());
        String token =
                TestPlatform.JSON.readTree(response.body()).get("access_token").asString();
        assertThat(platform.get("/api/v1/reviews", "Authorization", "Bearer " + token)
                        .status())
                .isEqualTo(403);
    }

    /**
     * Cookies by host. Java's own keeps back those marked secure on plain HTTP; browsers send them to this machine's own
     * addresses.
     */
    private static final class Cookies extends CookieHandler {

        private final Map<String, Map<String, String>> jar = new ConcurrentHashMap<>();

        @Override
        public Map<String, List<String>> get(URI uri, Map<String, List<String>> headers) throws IOException {
            String cookies = of(uri).entrySet().stream()
                    .map(cookie -> cookie.getKey() + "=" + cookie.getValue())
                    .collect(Collectors.joining("; "));
            return cookies.isEmpty() ? Map.of() : Map.of("Cookie", List.of(cookies));
        }

        @Override
        public void put(URI uri, Map<String, List<String>> headers) throws IOException {
            headers.forEach((name, values) -> {
                if ("Set-Cookie".equalsIgnoreCase(name)) {
                    values.forEach(value -> keep(of(uri), value));
                }
            });
        }

        private static void keep(Map<String, String> cookies, String header) {
            String pair = header.split(";", 2)[0];
            String name = pair.substring(0, pair.indexOf('='));
            if (header.contains("Max-Age=0")) {
                cookies.remove(name);
            } else {
                cookies.put(name, pair.substring(name.length() + 1));
            }
        }

        private Map<String, String> of(URI uri) {
            return jar.computeIfAbsent(uri.getHost(), _ -> new ConcurrentHashMap<>());
        }
    }

    /** A browser without scripts: keeps cookies, follows redirects, fills in Keycloak's form. */
    private final class Browser {

        private final HttpClient http = HttpClient.newBuilder()
                .cookieHandler(new Cookies())
                .followRedirects(HttpClient.Redirect.NEVER)
                .connectTimeout(Duration.ofSeconds(5))
                .build();

        URI signIn(String user, String returnPath) throws Exception {
            HttpResponse<String> form = follow(URI.create(platform.url + "/oauth2/authorization/guildhall?return="
                    + URLEncoder.encode(returnPath, StandardCharsets.UTF_8)));
            Matcher action = LOGIN_FORM.matcher(form.body());
            assertThat(action.find()).as(form.uri() + " " + form.body()).isTrue();
            String body = Map.of("username", user, "password", TestStack.USER_PASSWORD).entrySet().stream()
                    .map(field -> field.getKey() + "=" + URLEncoder.encode(field.getValue(), StandardCharsets.UTF_8))
                    .collect(Collectors.joining("&"));
            HttpResponse<String> answer = http.send(
                    HttpRequest.newBuilder(URI.create(action.group(1).replace("&amp;", "&")))
                            .header("Content-Type", "application/x-www-form-urlencoded")
                            .POST(BodyPublishers.ofString(body))
                            .build(),
                    BodyHandlers.ofString());
            return follow(redirect(answer)).uri();
        }

        HttpResponse<String> follow(URI start) throws Exception {
            HttpResponse<String> answer = send(HttpRequest.newBuilder(start));
            for (int hop = 0; hop < 10 && answer.statusCode() / 100 == 3; hop++) {
                answer = send(HttpRequest.newBuilder(redirect(answer)));
            }
            return answer;
        }

        HttpResponse<String> get(String path) throws Exception {
            return send(HttpRequest.newBuilder(URI.create(platform.url + path)));
        }

        HttpResponse<String> post(String path, String body, Map<String, String> headers) throws Exception {
            HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(platform.url + path))
                    .header("Content-Type", "application/json")
                    .POST(BodyPublishers.ofString(body));
            headers.forEach(request::header);
            return send(request);
        }

        private HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
            return http.send(request.build(), BodyHandlers.ofString());
        }

        private static URI redirect(HttpResponse<String> answer) {
            String location = answer.headers().firstValue("Location").orElse("");
            assertThat(location).as(answer.statusCode() + " " + answer.body()).isNotEmpty();
            return answer.uri().resolve(location);
        }
    }
}
