package dev.guildhall.engine.chat;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiPredicate;
import java.util.function.Supplier;

/** The form of a model's answers. The chat template tells: what it writes into the past is what the model writes now. */
public final class ChatFormat {

    /** An answer that is all content. */
    public static final ChatFormat PLAIN = new ChatFormat(ToolDialect.NONE, false);

    private final ToolDialect tools;
    private final boolean thinks;

    private ChatFormat(ToolDialect tools, boolean thinks) {
        this.tools = tools;
        this.thinks = thinks;
    }

    /** @param template source of the model's chat template */
    public static ChatFormat of(String template) {
        return new ChatFormat(ToolDialect.of(template), template.contains(Marks.THINK_END));
    }

    /** Names of tokens that an answer's text has to show, although some vocabularies call them control. */
    public static Set<String> shownTokens() {
        return Marks.TOKENS;
    }

    /** Whether a prompt ends within thoughts that the template itself began. */
    public static boolean endsInReasoning(String prompt, BiPredicate<Integer, Integer> isTemplates) {
        int start = prompt.stripTrailing().length() - Marks.THINK.length();
        return start >= 0
                && prompt.startsWith(Marks.THINK, start)
                && isTemplates.test(start, start + Marks.THINK.length());
    }

    /** Whether the model knows how to call tools. */
    public boolean callsTools() {
        return tools != ToolDialect.NONE;
    }

    /** Whether answers may begin with thoughts. */
    public boolean thinks() {
        return thinks;
    }

    /**
     * A reader for one answer.
     *
     * @param toolList as the chat API has them; without any, what looks like a call stays content
     * @param reasoningOpen the prompt ends within thoughts, which the model goes on with
     * @param ids makes an id for each call that does not bring its own
     */
    public AnswerParser parser(List<Map<String, Object>> toolList, boolean reasoningOpen, Supplier<String> ids) {
        Tools known = Tools.of(toolList);
        return new AnswerParser(known.isEmpty() ? ToolDialect.NONE : tools, thinks, reasoningOpen, known, ids);
    }

    /**
     * Makes the answer a call of one of these tools.
     *
     * @throws IllegalArgumentException when the model knows no tools, or a tool's name has characters that no name should have
     */
    public ForcedCall forcedCall(List<Map<String, Object>> toolList, boolean reasoningOpen) {
        return ForcedCall.of(tools, Tools.of(toolList), reasoningOpen);
    }
}
