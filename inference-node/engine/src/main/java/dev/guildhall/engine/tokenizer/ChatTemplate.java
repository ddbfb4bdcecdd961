package dev.guildhall.engine.tokenizer;

import dev.guildhall.engine.chat.ChatFormat;
import dev.guildhall.engine.format.ModelFormatException;
import dev.guildhall.engine.template.Template;
import dev.guildhall.engine.template.TemplateException;
import dev.guildhall.engine.template.Text;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.ZoneId;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The Jinja template by which a model wants its conversations written.
 *
 * <p>What the template writes and what people wrote must stay apart, or a message could carry control tokens. Hence the rendered text
 * knows of each character where it came from, and the name of a control token counts only where the template wrote all of it.
 *
 * <p>The template came with the model's file and is not trusted: it sees strings, lists and maps only, may include
 * nothing, and the work and the output of a rendering are bounded.
 */
public final class ChatTemplate {

    private static final int SOURCE_CHARS_MAX = 256 << 10;

    private final Template template;
    private final ChatFormat format;
    private final Tokenizer tokenizer;
    private final Map<String, String> specials;
    private final Clock clock;

    private ChatTemplate(
            Template template, ChatFormat format, Tokenizer tokenizer, Map<String, String> specials, Clock clock) {
        this.template = template;
        this.format = format;
        this.tokenizer = tokenizer;
        this.specials = Map.copyOf(specials);
        this.clock = clock;
    }

    /** The template of a GGUF file, if it has one. */
    public static Optional<ChatTemplate> fromGguf(Path file, Map<String, Object> values, Tokenizer tokenizer)
            throws ModelFormatException {
        return fromGguf(new Metadata(file, values), tokenizer);
    }

    static Optional<ChatTemplate> fromGguf(Metadata metadata, Tokenizer tokenizer) throws ModelFormatException {
        String key = "tokenizer.chat_template";
        if (!metadata.has(key)) {
            return Optional.empty();
        }
        Map<String, String> specials = new HashMap<>();
        for (String special : List.of("bos", "eos")) {
            String idKey = "tokenizer.ggml." + special + "_token_id";
            if (metadata.has(idKey)) {
                int id = metadata.tokenId(idKey, tokenizer.vocabularySize());
                specials.put(
                        special + "_token",
                        metadata.strings("tokenizer.ggml.tokens").get(id));
            }
        }
        return Optional.of(
                of(metadata.file(), metadata.string(key), tokenizer, specials, Clock.system(ZoneId.systemDefault())));
    }

    /** The template of a directory of the hub, if it has one: in a file of its own, or in tokenizer_config.json. */
    static Optional<ChatTemplate> fromHub(HubFiles files, Tokenizer tokenizer) throws IOException {
        Optional<String> source = files.chatTemplateSource();
        if (source.isEmpty()) {
            return Optional.empty();
        }
        Map<String, String> specials = new HashMap<>();
        for (String special : List.of("bos_token", "eos_token", "pad_token", "unk_token")) {
            files.special(special).ifPresent(name -> specials.put(special, name));
        }
        return Optional.of(
                of(files.directory(), source.get(), tokenizer, specials, Clock.system(ZoneId.systemDefault())));
    }

    static ChatTemplate of(Path file, String source, Tokenizer tokenizer, Map<String, String> specials, Clock clock)
            throws ModelFormatException {
        if (source.length() > SOURCE_CHARS_MAX) {
            throw new ModelFormatException(
                    file,
                    "the chat template has %,d characters; at most %,d are read"
                            .formatted(source.length(), SOURCE_CHARS_MAX));
        }
        try {
            return new ChatTemplate(Template.parse(source), ChatFormat.of(source), tokenizer, specials, clock);
        } catch (TemplateException e) {
            throw new ModelFormatException(file, "the chat template cannot be read: " + e.getMessage());
        }
    }

    /** The form of the answers that the template leads to. */
    public ChatFormat format() {
        return format;
    }

    /** The conversation in tokens, ready for the model's answer. */
    public ChatPrompt encode(Conversation conversation) {
        Text rendered = rendered(conversation);
        String characters = rendered.characters();
        return new ChatPrompt(
                tokenizer.encode(characters, rendered::isOwn), ChatFormat.endsInReasoning(characters, rendered::isOwn));
    }

    /** The conversation as text with the names of control tokens: for people, never to be encoded. */
    public String render(Conversation conversation) {
        return rendered(conversation).characters();
    }

    private Text rendered(Conversation conversation) {
        Map<String, @Nullable Object> variables = new HashMap<>(conversation.variables());
        variables.put(
                "messages",
                conversation.messages().stream().map(ChatTemplate::variables).toList());
        // Templates that ask whether there are any expect none where the list is empty.
        variables.put("tools", conversation.tools().isEmpty() ? null : conversation.tools());
        variables.put("add_generation_prompt", conversation.addGenerationPrompt());
        try {
            return template.render(variables, specials, clock);
        } catch (TemplateException e) {
            throw new ChatTemplateException("the model's chat template refuses the conversation: " + e.getMessage());
        }
    }

    private static Map<String, @Nullable Object> variables(ChatMessage message) {
        Map<String, @Nullable Object> variables = new LinkedHashMap<>();
        variables.put("role", message.role());
        if (message.content() != null) {
            variables.put("content", message.content());
        }
        if (message.reasoning() != null) {
            variables.put("reasoning_content", message.reasoning());
        }
        if (!message.toolCalls().isEmpty()) {
            variables.put("tool_calls", message.toolCalls());
        }
        if (message.toolCallId() != null) {
            variables.put("tool_call_id", message.toolCallId());
        }
        if (message.name() != null) {
            variables.put("name", message.name());
        }
        return variables;
    }
}
