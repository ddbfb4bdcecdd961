package dev.guildhall.reviewbot.reviewer;

import java.util.List;

/** The kinds of mistakes that reviewers share words for, so that two of them can be seen to say the same. */
public final class Categories {

    public static final String SQL_INJECTION = "sql-injection";
    public static final String COMMAND_INJECTION = "command-injection";
    public static final String CODE_INJECTION = "code-injection";
    public static final String PATH_TRAVERSAL = "path-traversal";
    public static final String CROSS_SITE_SCRIPTING = "cross-site-scripting";
    public static final String SECRET = "secret";
    public static final String WEAK_CRYPTOGRAPHY = "weak-cryptography";
    public static final String MISSING_CHECK = "missing-check";
    public static final String NULL_DEREFERENCE = "null-dereference";
    public static final String RESOURCE_LEAK = "resource-leak";
    public static final String RACE_CONDITION = "race-condition";
    public static final String OFF_BY_ONE = "off-by-one";
    public static final String WRONG_CONDITION = "wrong-condition";
    public static final String WRONG_COMPARISON = "wrong-comparison";
    public static final String WRONG_RESULT = "wrong-result";
    public static final String SWALLOWED_ERROR = "swallowed-error";
    public static final String SHARED_STATE = "shared-state";
    public static final String DEAD_CODE = "dead-code";
    public static final String CORRECTNESS = "correctness";

    /** What the model may choose from: few and distinct, since small models confuse neighbours. */
    public static final List<String> FOR_MODEL = List.of(
            SQL_INJECTION,
            COMMAND_INJECTION,
            PATH_TRAVERSAL,
            CROSS_SITE_SCRIPTING,
            WEAK_CRYPTOGRAPHY,
            MISSING_CHECK,
            NULL_DEREFERENCE,
            RESOURCE_LEAK,
            RACE_CONDITION,
            OFF_BY_ONE,
            WRONG_CONDITION,
            WRONG_COMPARISON,
            WRONG_RESULT,
            SWALLOWED_ERROR);

    private Categories() {}
}
