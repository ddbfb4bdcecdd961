package dev.guildhall.reviewbot.reviewer;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Knows what secrets look like: known token formats, passwords in addresses, random values given to telling names. */
public final class SecretScanner {

    /** Lines are searched in windows, so that a file of one endless line cannot stall the search. */
    private static final int WINDOW = 4_000;

    private static final int OVERLAP = 400;
    private static final int MASK_SHOWN = 4;

    private record Format(String rule, String title, Pattern pattern, int group, double confidence) {}

    private static final List<Format> FORMATS = List.of(
            known("aws-access-key", "AWS access key", "\\b((?:AKIA|ASIA)[0-9A-Z]{16})\\b"),
            known(
                    "aws-secret-key",
                    "AWS secret key",
                    "(?i)aws.{0,12}secret.{0,12}key[\"']?\\s{0,3}[:=]{1,2}\\s{0,3}[\"']?([A-Za-z0-9/+]{40})(?![A-Za-z0-9/+])"),
            known("github-token", "GitHub token", "\\b(gh[pousr]_[A-Za-z0-9]{36,255})\\b"),
            known("github-token", "GitHub token", "\\b(github_pat_[A-Za-z0-9_]{60,255})\\b"),
            known("gitlab-token", "GitLab token", "\\b(glpat-[A-Za-z0-9_-]{20,64})"),
            known("slack-token", "Slack token", "\\b(xox[abeprs]-[A-Za-z0-9-]{10,200})"),
            known(
                    "slack-webhook",
                    "Slack webhook address",
                    "hooks\\.slack\\.com/services/(T[A-Z0-9]{6,}/B[A-Z0-9]{6,}/[A-Za-z0-9]{20,})"),
            known("google-api-key", "Google API key", "\\b(AIza[0-9A-Za-z_-]{35})(?![0-9A-Za-z_-])"),
            known("stripe-key", "Stripe live key", "\\b([sr]k_live_[0-9a-zA-Z]{20,100})\\b"),
            known("model-api-key", "API key of a model provider", "\\b(sk-(?:proj-|ant-)?[A-Za-z0-9_-]{32,200})"),
            known("npm-token", "npm token", "\\b(npm_[A-Za-z0-9]{36})\\b"),
            known("pypi-token", "PyPI token", "\\b(pypi-AgEI[A-Za-z0-9_-]{50,300})"),
            known("sendgrid-key", "SendGrid key", "\\b(SG\\.[A-Za-z0-9_-]{22}\\.[A-Za-z0-9_-]{43})"),
            known(
                    "private-key",
                    "Private key",
                    "(-----BEGIN (?:RSA |EC |DSA |OPENSSH |ENCRYPTED |PGP )?PRIVATE KEY(?: BLOCK)?-----)"),
            known(
                    "jwt",
                    "JSON web token",
                    "\\b(eyJ[A-Za-z0-9_-]{10,1000}\\.eyJ[A-Za-z0-9_-]{10,2000}\\.[A-Za-z0-9_-]{10,1000})"),
            new Format(
                    "url-password",
                    "Password in an address",
                    Pattern.compile("\\b[a-zA-Z][a-zA-Z0-9+.-]{1,30}://[^\\s:/@'\"]{1,100}:([^\\s:/@'\"]{3,200})@"),
                    1,
                    0.85),
            new Format(
                    "jdbc-password",
                    "Password in a JDBC address",
                    Pattern.compile("(?i)jdbc:[^\\s\"']{3,300}[?&;](?:password|pwd)=([^&;\\s\"']{3,200})"),
                    1,
                    0.9));

    /** A telling name from its beginning (else endless words cost their square), a sign of assignment, a quoted value. */
    private static final Pattern ASSIGNMENT =
            Pattern.compile("(?i)(?<![\\w.-])([\\w.-]{0,40}(?:password|passwd|pwd|passphrase|secret"
                    + "|api[_-]?key|access[_-]?key|auth[_-]?token|token|private[_-]?key|credential)[\\w-]{0,20})[\"']?\\]?"
                    + "\\s{0,20}(?::=|=>|=|:)\\s{0,20}[\"'`]([^\"'`\\s]{6,200})[\"'`]");

    /** The same in a settings file, where values have no quotes. */
    private static final Pattern SETTING =
            Pattern.compile("(?i)^\\s{0,40}(?:export\\s{1,4})?[\"']?([\\w.-]{0,60}(?:password|"
                    + "passwd|pwd|passphrase|secret|api[_-]?key|access[_-]?key|auth[_-]?token|token|private[_-]?key|credential)"
                    + "[\\w-]{0,20})[\"']?\\s{0,20}[:=]\\s{0,20}([A-Za-z0-9+/_=.~-]{16,200})\\s{0,20}(?:#.*)?$");

    /** Something of each of the above: most lines have none of it, and are done with after one search. */
    private static final Pattern HINT =
            Pattern.compile("(?i)AKIA|ASIA|gh[pousr]_|github_pat|glpat-|xox[abeprs]-|AIza|_live_"
                    + "|sk-|npm_|pypi-|SG\\.|-----BEGIN|eyJ|://|jdbc:|hooks\\.|pass|pwd|secret|key|token|credential");

    private static final Pattern UUID = Pattern.compile("(?i)[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}");

    /** The body of a key in PEM form: masked, while the finding stands at its first line. */
    private static final Pattern KEY_BODY = Pattern.compile("^[\\s\"'+]*([A-Za-z0-9+/=]{60,})[\\s\"',;+\\\\nr]*$");

    private static final Pattern PASSWORD_NAME = Pattern.compile("(?i)(password|passwd|pwd|passphrase)");

    private static final Pattern PLACEHOLDER = Pattern.compile("(?i).*(example|sample|change[-_ ]?me|placeholder|dummy"
            + "|your[-_]|redacted|insert[-_]|replace[-_]|xxxx|\\*\\*\\*|\\.\\.\\.|\\$\\{|\\{\\{|<[a-z]|%s|%\\(|#\\{|env\\.|environ"
            + "|^test|test$|fake|foobar|lorem|todo|^secret$|^password$|^token$|^\\$[a-z_]).*");

    private SecretScanner() {}

    /**
     * A secret in a line.
     *
     * @param start first character, from 0
     * @param end after the last character
     */
    public record Match(String rule, String title, int start, int end, double confidence) {}

    /** The secrets of one line, in their order, none overlapping another. */
    public static List<Match> find(String line) {
        if (!HINT.matcher(line).find()) {
            return List.of();
        }
        List<Match> matches = new ArrayList<>();
        for (int from = 0; from == 0 || from + OVERLAP < line.length(); from += WINDOW - OVERLAP) {
            find(line.substring(from, Math.min(line.length(), from + WINDOW)), from, matches);
        }
        if (line.length() <= WINDOW) {
            findSetting(line, matches);
        }
        matches.sort(Comparator.comparingInt(Match::start).thenComparing(Match::confidence, Comparator.reverseOrder()));
        List<Match> apart = new ArrayList<>();
        for (Match match : matches) {
            if (apart.isEmpty() || apart.getLast().end() <= match.start()) {
                apart.add(match);
            }
        }
        return apart;
    }

    /** The line without its secrets. */
    public static String mask(String line) {
        List<Match> matches = find(line);
        Matcher body = KEY_BODY.matcher(line.length() > WINDOW ? "" : line);
        if (matches.isEmpty() && !body.matches()) {
            return line;
        }
        if (matches.isEmpty()) {
            return line.substring(0, body.start(1)) + "****" + line.substring(body.end(1));
        }
        StringBuilder masked = new StringBuilder();
        int from = 0;
        for (Match match : matches) {
            int shown = match.rule().equals("private-key")
                    ? match.end() - match.start()
                    : match.confidence() > 0.9 ? MASK_SHOWN : 0;
            masked.append(line, from, match.start() + shown);
            masked.append("****");
            from = match.end();
        }
        return masked.append(line, from, line.length()).toString();
    }

    /** A text of several lines without its secrets. */
    public static String maskText(String text) {
        return Arrays.stream(text.split("\n", -1)).map(SecretScanner::mask).collect(Collectors.joining("\n"));
    }

    private static void find(String window, int offset, List<Match> matches) {
        for (Format format : FORMATS) {
            Matcher matcher = format.pattern().matcher(window);
            while (matcher.find()) {
                if (!isPlaceholder(matcher.group(format.group()))) {
                    matches.add(new Match(
                            format.rule(),
                            format.title(),
                            offset + matcher.start(format.group()),
                            offset + matcher.end(format.group()),
                            format.confidence()));
                }
            }
        }
        Matcher assignment = ASSIGNMENT.matcher(window);
        while (assignment.find()) {
            String name = assignment.group(1);
            String value = assignment.group(2);
            boolean password = PASSWORD_NAME.matcher(name).find();
            if (password ? looksLikePassword(value) : looksRandom(value)) {
                matches.add(new Match(
                        password ? "hardcoded-password" : "hardcoded-key",
                        password ? "Hard-coded password" : "Hard-coded key",
                        offset + assignment.start(2),
                        offset + assignment.end(2),
                        0.75));
            }
        }
    }

    private static void findSetting(String line, List<Match> matches) {
        Matcher setting = SETTING.matcher(line);
        if (setting.matches() && looksRandom(setting.group(2))) {
            matches.add(new Match("hardcoded-key", "Hard-coded key", setting.start(2), setting.end(2), 0.75));
        }
    }

    private static boolean looksLikePassword(String value) {
        return !isPlaceholder(value)
                && entropy(value) >= 2.4
                && !isReference(value)
                && (hasDigit(value)
                        || value.chars().anyMatch(c -> "!@#$%^&*?+~".indexOf(c) >= 0)
                        || entropy(value) >= 3);
    }

    private static boolean looksRandom(String value) {
        return value.length() >= 16
                && !isPlaceholder(value)
                && !isReference(value)
                && hasDigit(value)
                && value.chars().anyMatch(Character::isLetter)
                && entropy(value) >= 3.4;
    }

    /** Names of properties, files, classes and routes: words joined by signs, without digits. */
    private static boolean isReference(String value) {
        return value.matches("[A-Za-z]+(?:[._/:-][A-Za-z]+)+")
                || value.startsWith("/")
                || value.contains("://")
                || value.contains("(")
                || UUID.matcher(value).matches();
    }

    private static boolean isPlaceholder(String value) {
        return PLACEHOLDER.matcher(value).matches() || value.chars().distinct().count() <= 3;
    }

    private static boolean hasDigit(String value) {
        return value.chars().anyMatch(Character::isDigit);
    }

    /** Shannon's, in bits for each character. */
    private static double entropy(String value) {
        Map<Integer, Integer> counts = new HashMap<>();
        value.toLowerCase(Locale.ROOT).chars().forEach(c -> counts.merge(c, 1, Integer::sum));
        double bits = 0;
        for (int count : counts.values()) {
            double share = (double) count / value.length();
            bits -= share * Math.log(share) / Math.log(2);
        }
        return bits;
    }

    private static Format known(String rule, String title, String pattern) {
        return new Format(rule, title, Pattern.compile(pattern), 1, 0.95);
    }
}
