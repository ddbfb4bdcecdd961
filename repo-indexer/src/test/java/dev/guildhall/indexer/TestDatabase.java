package dev.guildhall.indexer;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.UUID;

/** A fresh database with the role, schema and extensions that a deployment gives this service. */
final class TestDatabase implements AutoCloseable {

    static final String ROLE_PASSWORD = "index-" + UUID.randomUUID();

    private final String name =
            "indexer_" + UUID.randomUUID().toString().replace("-", "").substring(0, 12);

    TestDatabase() throws SQLException {
        administrate("postgres", "create role %s login password '%s'".formatted(name, ROLE_PASSWORD));
        administrate("postgres", "create database %s".formatted(name));
        administrate(
                name,
                "create schema extensions",
                "create extension vector schema extensions",
                "create extension pg_trgm schema extensions",
                "grant usage on schema extensions to %s".formatted(name),
                "create schema code_index authorization %s".formatted(name));
    }

    String url() {
        return urlOf(name);
    }

    String role() {
        return name;
    }

    /** Ends the connections of the service as the end of its process would. */
    void terminateConnections() throws SQLException {
        administrate(
                "postgres",
                "select pg_terminate_backend(pid) from pg_stat_activity where usename = '%s'".formatted(name));
    }

    private static String urlOf(String database) {
        return TestEnvironment.required("GUILDHALL_TEST_POSTGRES_URL")
                .replaceFirst("/[^/?]*(\\?|$)", "/" + database + "$1");
    }

    private static void administrate(String database, String... statements) throws SQLException {
        try (Connection connection = DriverManager.getConnection(
                        urlOf(database),
                        TestEnvironment.required("GUILDHALL_TEST_POSTGRES_USER"),
                        TestEnvironment.required("GUILDHALL_TEST_POSTGRES_PASSWORD"));
                Statement statement = connection.createStatement()) {
            for (String each : statements) {
                statement.execute(each);
            }
        }
    }

    @Override
    public void close() throws SQLException {
        administrate(
                "postgres", "drop database if exists %s with (force)".formatted(name), "drop role if exists " + name);
    }
}
