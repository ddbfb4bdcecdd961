package dev.guildhall.platform;

/** The real PostgreSQL, Kafka and Keycloak that integration tests run against, as the environment names them. */
final class TestStack {

    static final String POSTGRES_URL = require("GUILDHALL_TEST_POSTGRES_URL");
    static final String POSTGRES_USER = require("GUILDHALL_TEST_POSTGRES_USER");
    static final String POSTGRES_PASSWORD = require("GUILDHALL_TEST_POSTGRES_PASSWORD");
    static final String KAFKA_SERVERS = require("GUILDHALL_TEST_KAFKA_SERVERS");
    static final String ISSUER = require("GUILDHALL_TEST_ISSUER");
    static final String CLIENT_SECRET = require("GUILDHALL_TEST_CLIENT_SECRET");
    static final String USER_PASSWORD = require("GUILDHALL_TEST_USER_PASSWORD");

    private TestStack() {}

    private static String require(String name) {
        String value = System.getenv(name);
        if (value == null || value.isBlank()) {
            throw new IllegalStateException(
                    "%s is not set: run the tests by `./guildhall test java`, which starts what they need"
                            .formatted(name));
        }
        return value;
    }
}
