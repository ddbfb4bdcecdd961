package dev.guildhall.reviewbot.testing;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/** A fresh database on the real server, with review-bot's role and schema; dropped at the end. */
public final class TestDatabase implements AutoCloseable {

    private final String name = "review_" + UUID.randomUUID().toString().replace("-", "");
    private final String password = UUID.randomUUID().toString();
    private final String maintenanceUrl = TestEnvironment.required("GUILDHALL_TEST_POSTGRES_URL");

    public TestDatabase() {
        execute(maintenanceUrl, "CREATE ROLE " + name + " LOGIN PASSWORD '" + password + "'");
        execute(maintenanceUrl, "CREATE DATABASE " + name);
        execute(url(), "CREATE SCHEMA review AUTHORIZATION " + name);
    }

    public String url() {
        return maintenanceUrl.substring(0, maintenanceUrl.lastIndexOf('/') + 1) + name;
    }

    public String user() {
        return name;
    }

    public String password() {
        return password;
    }

    public JdbcClient client() {
        return JdbcClient.create(new DriverManagerDataSource(url() + "?currentSchema=review", name, password));
    }

    @Override
    public void close() {
        execute(maintenanceUrl, "DROP DATABASE " + name + " WITH (FORCE)");
        execute(maintenanceUrl, "DROP ROLE " + name);
    }

    private static void execute(String url, String sql) {
        try (Connection connection = DriverManager.getConnection(
                        url,
                        TestEnvironment.required("GUILDHALL_TEST_POSTGRES_USER"),
                        TestEnvironment.required("GUILDHALL_TEST_POSTGRES_PASSWORD"));
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new IllegalStateException("test database: " + e.getMessage(), e);
        }
    }
}
