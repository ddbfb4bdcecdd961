package dev.guildhall.engine.chat;

import java.util.Set;

/** What models write around that which is not text. */
final class Marks {

    static final String THINK = "<think>";
    static final String THINK_END = "</think>";

    static final String CALL = "<tool_call>";
    static final String CALL_END = "</tool_call>";
    static final String FUNCTION = "<function=";
    static final String FUNCTION_END = "</function>";
    static final String PARAMETER = "<parameter=";
    static final String PARAMETER_END = "</parameter>";

    static final String PYTHON = "<|python_tag|>";
    static final String LLAMA_HEADER = "<|start_header_id|>";

    static final String SECTION = "<|tool_calls_section_begin|>";
    static final String SECTION_END = "<|tool_calls_section_end|>";
    static final String SECTION_CALL = "<|tool_call_begin|>";
    static final String SECTION_ARGUMENTS = "<|tool_call_argument_begin|>";
    static final String SECTION_CALL_END = "<|tool_call_end|>";

    /** Those that may be tokens of their own: an answer's text has to show them. */
    static final Set<String> TOKENS = Set.of(
            THINK,
            THINK_END,
            CALL,
            CALL_END,
            PYTHON,
            SECTION,
            SECTION_END,
            SECTION_CALL,
            SECTION_ARGUMENTS,
            SECTION_CALL_END);

    private Marks() {}
}
