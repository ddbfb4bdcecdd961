package dev.guildhall.indexer;

import java.util.Objects;

/** Where the real PostgreSQL, Kafka and Keycloak of the tests are. */
final class TestEnvironment {

    private TestEnvironment() {}

    static String required(String name) {
        return Objects.requireNonNull(
                System.getenv(name),
                () ->
                        "the environment variable %s is missing: run the tests with './guildhall test', which starts what they need"
                                .formatted(name));
    }
}
