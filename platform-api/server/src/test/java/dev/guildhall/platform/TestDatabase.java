package dev.guildhall.platform;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.UUID;

/** A database of its own with the service's role and schema, dropped when the tests are over. */
final class TestDatabase implements AutoCloseable {

    static final String PASSWORD = "platform-test";

    private final String name =
            "platform_test_" + UUID.randomUUID().toString().replace("-", "").substring(0, 12);

    TestDatabase() throws SQLException {
        execute(TestStack.POSTGRES_URL, "create role %s login password '%s'".formatted(name, PASSWORD));
        execute(TestStack.POSTGRES_URL, "create database %s".formatted(name));
        execute(
                url(),
                "create schema platform authorization %s".formatted(name),
                "alter role %s set search_path = platform".formatted(name));
    }

    String url() {
        return TestStack.POSTGRES_URL.replaceFirst("/[^/?]*(\\?|$)", "/" + name + "$1");
    }

    String user() {
        return name;
    }

    private static void execute(String url, String... statements) throws SQLException {
        try (Connection connection =
                        DriverManager.getConnection(url, TestStack.POSTGRES_USER, TestStack.POSTGRES_PASSWORD);
                Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }

    @Override
    public void close() throws SQLException {
        execute(TestStack.POSTGRES_URL, "drop database %s with (force)".formatted(name), "drop role " + name);
    }
}
