package dev.guildhall.reviewbot.testing;

/** The real parts that integration tests run against. */
public final class TestEnvironment {

    private TestEnvironment() {}

    /** The value of a variable that the script which starts the parts sets. */
    public static String required(String name) {
        String value = System.getenv(name);
        if (value == null || value.isEmpty()) {
            throw new IllegalStateException(
                    "environment variable %s is not set: run './guildhall test java', which starts what the tests need"
                            .formatted(name));
        }
        return value;
    }
}
