package dev.guildhall.engine.chat;

import java.util.List;

/** How a model writes that it calls a tool. */
enum ToolDialect {
    /** Without tools. */
    NONE(""),
    /** {@code <tool_call>{"name": …, "arguments": {…}}</tool_call>}. */
    HERMES(Marks.CALL_END),
    /** {@code <tool_call><function=NAME><parameter=KEY>VALUE</parameter></function></tool_call>}. */
    XML(Marks.CALL_END),
    /** {@code {"name": …, "parameters": {…}}}, which is the whole answer. */
    LLAMA(""),
    /** {@code NAME:INDEX} and an object, each after a mark, within a section. */
    KIMI(Marks.SECTION_CALL_END);

    /** What ends a call, if it is there. */
    final String closing;

    ToolDialect(String closing) {
        this.closing = closing;
    }

    /** At which something other than text may begin. */
    List<String> openings() {
        return switch (this) {
            case NONE -> List.of();
            case HERMES -> List.of(Marks.CALL);
            case XML -> List.of(Marks.CALL, Marks.FUNCTION);
            case LLAMA -> List.of(Marks.PYTHON);
            case KIMI -> List.of(Marks.SECTION, Marks.SECTION_END, Marks.SECTION_CALL);
        };
    }

    /** Models of these dialects also write a call without its marks, as the first thing they say. */
    boolean callsBare() {
        return this == HERMES || this == LLAMA;
    }

    static ToolDialect of(String template) {
        if (template.contains(Marks.SECTION_ARGUMENTS)) {
            return KIMI;
        }
        if (template.contains(Marks.FUNCTION)) {
            return XML;
        }
        if (template.contains(Marks.CALL)) {
            return HERMES;
        }
        return template.contains(Marks.LLAMA_HEADER) && template.contains("tools") ? LLAMA : NONE;
    }
}
