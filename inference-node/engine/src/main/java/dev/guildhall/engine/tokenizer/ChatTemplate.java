package dev.guildhall.engine.tokenizer;

import com.hubspot.jinjava.Jinjava;
import com.hubspot.jinjava.JinjavaConfig;
import com.hubspot.jinjava.LegacyOverrides;
import com.hubspot.jinjava.el.JinjavaProcessors;
import com.hubspot.jinjava.interpret.Context;
import com.hubspot.jinjava.interpret.InterpretException;
import com.hubspot.jinjava.interpret.JinjavaInterpreter;
import com.hubspot.jinjava.interpret.RenderResult;
import com.hubspot.jinjava.interpret.TemplateError;
import com.hubspot.jinjava.lib.filter.Filter;
import com.hubspot.jinjava.lib.fn.ELFunctionDefinition;
import dev.guildhall.engine.chat.ChatFormat;
import dev.guildhall.engine.format.ModelFormatException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The Jinja template by which a model wants its conversations written.
 *
 * <p>What the template writes and what people wrote must stay apart, or a message could carry control tokens. Hence:
 *
 * <ol>
 *   <li>in the template's source, every name of a reserved token is replaced by one private-use character, taken from
 *       a block of such characters that no message contains;
 *   <li>the template is rendered with the messages as they are;
 *   <li>in the result, those characters become control tokens, and everything between them is encoded as data.
 * </ol>
 *
 * <p>The template came with the model's file and is not trusted: it sees strings, lists and maps only, may include
 * nothing, and the work and the output of a rendering are bounded.
 */
public final class ChatTemplate {

    private static final int SOURCE_CHARS_MAX = 256 << 10;
    private static final int OUTPUT_CHARS_MAX = Tokenizer.TEXT_CHARS_MAX;
    private static final int NODES_MAX = 1_000_000;

    /** Deepest brackets in a template: Jinjava's parser takes minutes over some thousands. */
    private static final int BRACKETS_DEPTH_MAX = 64;

    /** The private-use planes 15 and 16, in blocks of 4,096 characters. */
    private static final int PRIVATE_USE_START = 0xF0000;

    private static final int BLOCK_CHARS = 0x1000;
    private static final int BLOCKS = 32;

    private final String source;
    private final Tokenizer tokenizer;
    private final List<String> names; // longest first, so that no name hides in another
    private final Map<String, Integer> specials;
    private final Jinjava jinjava;
    private final ChatFormat format;

    private ChatTemplate(String source, Tokenizer tokenizer, Map<String, Integer> specials) {
        // Jinja drops one line feed at the end of a template.
        this.source = source.endsWith("\n") ? source.substring(0, source.length() - 1) : source;
        this.tokenizer = tokenizer;
        this.specials = specials;
        this.names = tokenizer.reserved().keySet().stream()
                .sorted(Comparator.comparingInt(String::length).reversed().thenComparing(Comparator.naturalOrder()))
                .toList();
        this.jinjava = jinjava();
        this.format = ChatFormat.of(source);
    }

    /** The template of a GGUF file, if it has one. */
    public static Optional<ChatTemplate> fromGguf(Path file, Map<String, Object> values, Tokenizer tokenizer)
            throws ModelFormatException {
        Metadata metadata = new Metadata(file, values);
        String key = "tokenizer.chat_template";
        if (!metadata.has(key)) {
            return Optional.empty();
        }
        String source = metadata.string(key);
        if (source.length() > SOURCE_CHARS_MAX) {
            throw metadata.refusal(
                    "%s has %,d characters; at most %,d are read".formatted(key, source.length(), SOURCE_CHARS_MAX));
        }
        if (bracketsDepth(source) > BRACKETS_DEPTH_MAX) {
            throw metadata.refusal("%s nests brackets %,d deep; at most %d are read"
                    .formatted(key, bracketsDepth(source), BRACKETS_DEPTH_MAX));
        }
        if (tokenizer.reserved().size() > BLOCK_CHARS) {
            throw metadata.refusal("the vocabulary has %,d control tokens; a chat template can tell %,d apart"
                    .formatted(tokenizer.reserved().size(), BLOCK_CHARS));
        }
        Map<String, Integer> specials = new HashMap<>();
        for (String special : List.of("bos", "eos")) {
            String idKey = "tokenizer.ggml." + special + "_token_id";
            if (metadata.has(idKey)) {
                specials.put(special + "_token", metadata.tokenId(idKey, tokenizer.vocabularySize()));
            }
        }
        return Optional.of(new ChatTemplate(source, tokenizer, specials));
    }

    private static int bracketsDepth(String source) {
        int depth = 0;
        int depthMax = 0;
        for (int i = 0; i < source.length(); i++) {
            switch (source.charAt(i)) {
                case '(', '[', '{' -> depthMax = Math.max(depthMax, ++depth);
                case ')', ']', '}' -> depth = Math.max(0, depth - 1);
                default -> {}
            }
        }
        return depthMax;
    }

    /** The form of the answers that the template leads to. */
    public ChatFormat format() {
        return format;
    }

    /** The conversation in tokens, ready for the model's answer. */
    public int[] encode(List<ChatMessage> messages, List<Map<String, Object>> tools) {
        int block = freeBlock(messages, tools);
        String rendered = render(messages, tools, true, block);
        List<int[]> parts = new ArrayList<>();
        int end = 0;
        for (int i = 0; i < rendered.length(); ) {
            int character = rendered.codePointAt(i);
            int width = Character.charCount(character);
            if (isPlaceholder(character, block)) {
                parts.add(tokenizer.encode(rendered.substring(end, i)));
                parts.add(new int[] {reservedId(character - block)});
                end = i + width;
            }
            i += width;
        }
        parts.add(tokenizer.encode(rendered.substring(end)));
        return parts.stream().flatMapToInt(Arrays::stream).toArray();
    }

    /** The conversation as text with the names of control tokens: for people, never to be encoded. */
    public String render(List<ChatMessage> messages, List<Map<String, Object>> tools, boolean addGenerationPrompt) {
        int block = freeBlock(messages, tools);
        StringBuilder text = new StringBuilder();
        render(messages, tools, addGenerationPrompt, block).codePoints().forEach(character -> {
            if (isPlaceholder(character, block)) {
                text.append(names.get(character - block));
            } else {
                text.appendCodePoint(character);
            }
        });
        return text.toString();
    }

    private boolean isPlaceholder(int character, int block) {
        return character >= block && character < block + names.size();
    }

    private int reservedId(int nameIndex) {
        Integer id = tokenizer.reserved().get(names.get(nameIndex));
        if (id == null) {
            throw new IllegalStateException("no token " + names.get(nameIndex));
        }
        return id;
    }

    private String render(
            List<ChatMessage> messages, List<Map<String, Object>> tools, boolean addGenerationPrompt, int block) {
        Map<String, Object> variables = new HashMap<>();
        variables.put("messages", messages.stream().map(ChatTemplate::variables).toList());
        if (!tools.isEmpty()) {
            variables.put("tools", tools);
        }
        variables.put("add_generation_prompt", addGenerationPrompt);
        specials.forEach((name, id) -> {
            int nameIndex = IntStream.range(0, names.size())
                    .filter(index -> reservedId(index) == id)
                    .findFirst()
                    .orElse(-1);
            variables.put(
                    name, nameIndex < 0 ? tokenizer.decode(new int[] {id}) : Character.toString(block + nameIndex));
        });
        String template = source;
        for (int i = 0; i < names.size(); i++) {
            template = template.replace(names.get(i), Character.toString(block + i));
        }
        RenderResult result;
        try {
            result = jinjava.renderForResult(template, variables);
        } catch (StackOverflowError e) {
            throw new ChatTemplateException("the model's chat template nests too deep to be rendered");
        } catch (TooManySteps e) {
            throw new ChatTemplateException("the model's chat template takes more than %,d steps".formatted(NODES_MAX));
        }
        if (!result.getErrors().isEmpty()) {
            throw new ChatTemplateException("the model's chat template refuses the conversation: "
                    + cause(result.getErrors().getFirst()));
        }
        return result.getOutput();
    }

    /** The words of the innermost exception; what lies around it only names Jinjava's own workings. */
    private static String cause(TemplateError error) {
        Throwable innermost = error.getException();
        while (innermost != null && innermost.getCause() != null) {
            innermost = innermost.getCause();
        }
        String message = innermost == null ? null : innermost.getMessage();
        return message == null ? error.getMessage() : message;
    }

    private static Map<String, Object> variables(ChatMessage message) {
        Map<String, Object> variables = new LinkedHashMap<>();
        variables.put("role", message.role());
        variables.put("content", message.content());
        if (!message.toolCalls().isEmpty()) {
            variables.put("tool_calls", message.toolCalls());
        }
        return variables;
    }

    /** The first character of a private-use block that occurs nowhere in what people wrote. */
    private static int freeBlock(List<ChatMessage> messages, List<Map<String, Object>> tools) {
        BitSet used = new BitSet(BLOCKS);
        for (ChatMessage message : messages) {
            markUsed(message.role(), used);
            markUsed(message.content(), used);
            markUsed(message.toolCalls(), used);
        }
        markUsed(tools, used);
        int block = used.nextClearBit(0);
        if (block >= BLOCKS) {
            throw new ChatTemplateException(
                    "the conversation uses characters of all private-use blocks above U+F0000; leave some out");
        }
        return PRIVATE_USE_START + block * BLOCK_CHARS;
    }

    private static void markUsed(@Nullable Object value, BitSet used) {
        switch (value) {
            case String text ->
                text.codePoints()
                        .filter(character -> character >= PRIVATE_USE_START)
                        .forEach(character -> used.set((character - PRIVATE_USE_START) / BLOCK_CHARS));
            case Map<?, ?> map ->
                map.forEach((key, element) -> {
                    markUsed(key, used);
                    markUsed(element, used);
                });
            case Collection<?> list -> list.forEach(element -> markUsed(element, used));
            case null, default -> {}
        }
    }

    private static Jinjava jinjava() {
        JinjavaConfig config = JinjavaConfig.newBuilder()
                .withTrimBlocks(true)
                .withLstripBlocks(true)
                .withKeepTrailingNewline(true)
                // Or text of a message that looks like a template would be run.
                .withNestedInterpretationEnabled(false)
                .withMaxOutputSize(OUTPUT_CHARS_MAX)
                .withMaxStringLength(OUTPUT_CHARS_MAX)
                .withDisabled(Map.of(
                        Context.Library.TAG, Set.of("include", "import", "from", "extends", "block", "cycle"),
                        Context.Library.FUNCTION, Set.of("include")))
                .withProcessors(JinjavaProcessors.newBuilder()
                        .withNodePreProcessor((node, interpreter) -> countNode(interpreter))
                        .build())
                .withLegacyOverrides(LegacyOverrides.newBuilder()
                        .withEvaluateMapKeys(true)
                        .withUsePyishObjectMapper(true)
                        .withUseNaturalOperatorPrecedence(true)
                        .withParseWhitespaceControlStrictly(true)
                        .withAllowAdjacentTextNodes(true)
                        .withUseTrimmingForNotesAndExpressions(true)
                        .withKeepNullableLoopValues(true)
                        .withHandleBackslashInQuotesOnly(true)
                        .build())
                .build();
        Jinjava jinjava = new Jinjava(config);
        jinjava.getGlobalContext().registerFilter(new ToJson());
        jinjava.getGlobalContext()
                .registerFunction(new ELFunctionDefinition(
                        "", "raise_exception", ChatTemplate.class, "raiseException", String.class));
        return jinjava;
    }

    private static void countNode(JinjavaInterpreter interpreter) {
        NodeCount count = NodeCount.of(interpreter);
        if (++count.nodes > NODES_MAX) {
            throw new TooManySteps();
        }
    }

    /** Called by templates, by name. */
    public static @Nullable Object raiseException(String message) {
        throw new InterpretException(message);
    }

    /** Ends a rendering; an error, since Jinjava notes exceptions and goes on. */
    private static final class TooManySteps extends Error {
        TooManySteps() {
            super("", null, false, false);
        }
    }

    /** How many nodes one rendering has visited. */
    private static final class NodeCount {
        private static final String KEY = "guildhall_node_count";
        private int nodes;

        static NodeCount of(JinjavaInterpreter interpreter) {
            if (interpreter.getContext().get(KEY) instanceof NodeCount count) {
                return count;
            }
            NodeCount count = new NodeCount();
            interpreter.getContext().put(KEY, count);
            return count;
        }
    }

    private static final class ToJson implements Filter {
        @Override
        public String getName() {
            return "tojson";
        }

        @Override
        public Object filter(@Nullable Object value, JinjavaInterpreter interpreter, String... arguments) {
            return PythonJson.write(value);
        }
    }
}
