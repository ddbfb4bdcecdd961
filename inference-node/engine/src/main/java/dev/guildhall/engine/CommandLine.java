package dev.guildhall.engine;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Arguments of one command: words, and options as {@code --name value}, or {@code --name} alone for flags. */
final class CommandLine {

    /** Wrong use of the command: told with its usage, exit code 2. */
    static final class UsageException extends RuntimeException {
        UsageException(String message) {
            super(message);
        }
    }

    private final Map<String, String> values = new HashMap<>();
    private final List<String> words = new ArrayList<>();

    CommandLine(List<String> arguments, Set<String> valued, Set<String> flags) {
        this(arguments, valued, flags, 0);
    }

    /** @param wordCount arguments that are no options: so many, neither fewer nor more */
    CommandLine(List<String> arguments, Set<String> valued, Set<String> flags, int wordCount) {
        for (int i = 0; i < arguments.size(); i++) {
            String name = arguments.get(i);
            if (!name.startsWith("-") && wordCount > 0) {
                words.add(name);
            } else if (flags.contains(name)) {
                values.put(name, "");
            } else if (!valued.contains(name)) {
                throw new UsageException("unknown option " + name);
            } else if (i + 1 == arguments.size()) {
                throw new UsageException(name + " needs a value");
            } else if (values.put(name, arguments.get(++i)) != null) {
                throw new UsageException(name + " is given twice");
            }
        }
        if (words.size() != wordCount) {
            throw new UsageException("%d names are given, not %d: %s".formatted(words.size(), wordCount, words));
        }
    }

    String word(int index) {
        return words.get(index);
    }

    boolean has(String name) {
        return values.containsKey(name);
    }

    Optional<String> find(String name) {
        return Optional.ofNullable(values.get(name));
    }

    String require(String name) {
        return find(name).orElseThrow(() -> new UsageException(name + " is missing"));
    }

    int integer(String name, int absent, int min, int max) {
        return (int) number(name, absent, min, max, true);
    }

    double number(String name, double absent, double min, double max) {
        return number(name, absent, min, max, false);
    }

    private double number(String name, double absent, double min, double max, boolean whole) {
        String text = values.get(name);
        if (text == null) {
            return absent;
        }
        double value;
        try {
            value = whole ? Integer.parseInt(text) : Double.parseDouble(text);
        } catch (NumberFormatException _) {
            throw new UsageException(
                    "%s is %s, which is no %s".formatted(name, text, whole ? "whole number" : "number"));
        }
        if (!(value >= min && value <= max)) {
            throw new UsageException(
                    whole
                            ? "%s is %s; allowed is %.0f to %.0f".formatted(name, text, min, max)
                            : "%s is %s; allowed is %s to %s".formatted(name, text, min, max));
        }
        return value;
    }
}
