package dev.guildhall.engine.generation.grammar;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Strings of a named format, as regular expressions. Each allows less than the format does, never more. */
final class StringFormats {

    /** Days that every year has: the 29th of February is left out. */
    private static final String DATE = "[0-9]{4}-(02-(0[1-9]|1[0-9]|2[0-8])|(0[469]|11)-(0[1-9]|[12][0-9]|30)"
            + "|(0[13578]|1[02])-(0[1-9]|[12][0-9]|3[01]))";

    private static final String TIME =
            "([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](\\.[0-9]{1,6})?(Z|[+-](0[0-9]|1[0-3]):[0-5][0-9])";
    private static final String LABEL = "[a-z0-9]([a-z0-9-]{0,30}[a-z0-9])?";
    private static final String HOST = LABEL + "(\\." + LABEL + "){0,5}";
    private static final String BYTE = "(25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])";
    private static final String HEX4 = "[0-9a-f]{1,4}";

    private static final Map<String, String> BY_NAME = new LinkedHashMap<>();

    static {
        BY_NAME.put("date", DATE);
        BY_NAME.put("time", TIME);
        BY_NAME.put("date-time", DATE + "T" + TIME);
        BY_NAME.put("duration", "P([0-9]{1,4}D(T[0-9]{1,4}H)?|T[0-9]{1,4}H([0-9]{1,4}M)?|T[0-9]{1,4}M|T[0-9]{1,6}S)");
        BY_NAME.put("uuid", "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}");
        BY_NAME.put("hostname", HOST);
        BY_NAME.put("email", "[A-Za-z0-9_+-]{1,20}(\\.[A-Za-z0-9_+-]{1,20}){0,2}@" + LABEL + "(\\." + LABEL + "){1,5}");
        BY_NAME.put("ipv4", BYTE + "(\\." + BYTE + "){3}");
        BY_NAME.put("ipv6", HEX4 + "(:" + HEX4 + "){7}");
        BY_NAME.put(
                "uri",
                "https?://" + HOST
                        + "(:[1-9][0-9]{0,3})?(/[A-Za-z0-9._~-]{0,100}){0,20}(\\?[A-Za-z0-9._~=&-]{0,200})?");
    }

    private StringFormats() {}

    static List<String> names() {
        return List.copyOf(BY_NAME.keySet());
    }

    static Optional<Regex> named(String name) {
        return Optional.ofNullable(BY_NAME.get(name)).map(pattern -> RegexParser.whole(pattern, "format " + name));
    }
}
