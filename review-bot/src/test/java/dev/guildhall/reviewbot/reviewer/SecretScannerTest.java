package dev.guildhall.reviewbot.reviewer;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class SecretScannerTest {

    /** Put together here, so that no scanner takes this file for a leak. */
    static List<String> secrets() {
        return List.of(
                "aws-access-key|key = " + "AKIA" + "Q3EGTZ7WLX5NVB2K",
                "github-token|token: " + "ghp_" + "a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8",
                "slack-token|" + "xoxb-" + "123456789012-abcdefGHIJKL",
                "google-api-key|" + "AIza" + "SyD3k9Lm2Np4Qr6St8Uv0Wx1Yz3Ab5Cd7Ef",
                "stripe-key|" + "sk_live_" + "4eC39HqLyjWDarjtT1zdp7dc",
                "private-key|-----BEGIN RSA " + "PRIVATE KEY-----",
                "jdbc-password|url=jdbc:postgresql://db/till?user=till&password=" + "tr0ub4dor",
                "url-password|git clone https://bot:" + "s3cr3tpw9" + "@git.local/till",
                "hardcoded-password|String password = \"" + "Tr0ub4dor&3" + "\";",
                "hardcoded-key|api_key: '" + "pk7Qz2vN9xLw4TfRb8Ym3HsKc6JdUaEg" + "'",
                "hardcoded-key|gateway.api-key=" + "pk7Qz2vN9xLw4TfRb8Ym3HsKc6JdUaEg");
    }

    @ParameterizedTest
    @MethodSource("secrets")
    void findsAndMasksSecrets(String example) {
        String rule = example.substring(0, example.indexOf('|'));
        String line = example.substring(example.indexOf('|') + 1);

        List<SecretScanner.Match> matches = SecretScanner.find(line);

        assertThat(matches).extracting(SecretScanner.Match::rule).containsExactly(rule);
        String secret =
                line.substring(matches.getFirst().start(), matches.getFirst().end());
        if (!rule.equals("private-key")) {
            assertThat(SecretScanner.mask(line)).doesNotContain(secret).contains("****");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "String password = \"changeme\";",
                "password: ${DATABASE_PASSWORD}",
                "String password = System.getenv(\"DATABASE_PASSWORD\");",
                "api_key = os.environ[\"API_KEY\"]",
                "apiKey: 'your-api-key-goes-here-0123'",
                "aws_access_key_id = AKIAIOSFODNN7EXAMPLE",
                "String token = request.getHeader(\"Authorization\");",
                "private static final String PASSWORD_PROPERTY = \"till.database.password\";",
                "\"passwordLabel\": \"Password\"",
                "url = https://user:${TOKEN}@git.local/till",
                "tokenUri = \"http://localhost:8080/realms/till/token12345678\"",
                "sha = \"9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08\"",
                "secret = loadSecret(path)",
                "password-min-length: 12",
                "token_count = 4096",
                "secretKeyRef: till-database-credentials"
            })
    void leavesPlaceholdersAndReferencesAlone(String line) {
        assertThat(SecretScanner.find(line)).isEmpty();
        assertThat(SecretScanner.mask(line)).isEqualTo(line);
    }

    @Test
    void masksTheBodyOfAKeyWithoutReportingEachLine() {
        String body = "MIIEowIBAAKCAQEAwJ2kq7v1Zz5tq3kq9l0w7Jk2m4n6b8v0c2x4z6a8s0d2f4g6";

        assertThat(SecretScanner.find(body)).isEmpty();
        assertThat(SecretScanner.mask(body)).isEqualTo("****");
    }

    @Test
    void endsOnEndlessLines() {
        String line = "password".repeat(50_000);

        assertThat(SecretScanner.find(line)).isEmpty();
    }

    @Test
    void keepsLinesWhereTheyAre() {
        assertThat(SecretScanner.maskText("\na\n\nb\n")).isEqualTo("\na\n\nb\n");
    }
}
