package dev.guildhall.engine.chat;

import dev.guildhall.engine.chat.CallReader.Call;
import dev.guildhall.engine.chat.CallReader.NoCall;
import dev.guildhall.engine.chat.CallReader.Unfinished;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Splits one answer into thoughts, content and tool calls while it comes. Serves one thread.
 *
 * <p>Text is handed on as soon as it cannot be the beginning of something else. A call is told when it is whole: half of one cannot be
 * taken back, and what turns out to be none is content, to the last character. White space around calls and thoughts belongs to the
 * form and is left out.
 */
public final class AnswerParser {

    private enum State {
        /** White space at most has come. */
        START,
        REASONING,
        /** Line feeds that follow thoughts are passed over. */
        REASONED,
        TEXT,
        CALL,
        /** The mark that ends a call may follow. */
        CALLED
    }

    /** Small models like to put a call into a code block. */
    private static final String FENCE = "```json";

    private static final String FENCE_END = "```";

    private final ToolDialect dialect;
    private final boolean thinks;
    private final Tools tools;
    private final Supplier<String> ids;
    private final StringBuilder pending = new StringBuilder();
    /** White space that may turn out to stand before a call or an end. */
    private final StringBuilder space = new StringBuilder();

    private State state;
    private boolean reasoningSeen;
    private int callCount;
    private @Nullable CallReader reader;
    private String opening = "";
    private List<ChatEvent> events = new ArrayList<>();

    AnswerParser(ToolDialect dialect, boolean thinks, boolean reasoningOpen, Tools tools, Supplier<String> ids) {
        this.dialect = dialect;
        this.thinks = thinks;
        this.tools = tools;
        this.ids = ids;
        this.state = reasoningOpen ? State.REASONING : State.START;
    }

    /** What {@code text}, the next piece of the answer, settles. */
    public List<ChatEvent> accept(String text) {
        pending.append(text);
        return advance(false);
    }

    /** What is left when nothing more comes. */
    public List<ChatEvent> finish() {
        return advance(true);
    }

    private List<ChatEvent> advance(boolean last) {
        while (step(last)) {
            // Each step settles one thing.
        }
        List<ChatEvent> settled = events;
        events = new ArrayList<>();
        return settled;
    }

    /** Whether there may be more to settle. */
    private boolean step(boolean last) {
        return switch (state) {
            case START -> start(last);
            case REASONING -> reason(last);
            case REASONED -> passLineFeeds();
            case TEXT -> text(last);
            case CALL -> call(last);
            case CALLED -> passClosing(last);
        };
    }

    private boolean start(boolean last) {
        int first = CallReader.skipSpace(pending, 0);
        if (thinks && CallReader.startsAt(pending, first, Marks.THINK)) {
            pending.delete(0, first + Marks.THINK.length());
            return goTo(State.REASONING);
        }
        int bareCall = dialect.callsBare() ? bareObject(first) : JsonObjectEnd.NEVER;
        if (bareCall >= 0) {
            moveToSpace(first);
            String fence = taken(bareCall - first);
            return beginCall(fence, new JsonCallReader(tools));
        }
        boolean undecided = first == pending.length()
                ? thinks || dialect != ToolDialect.NONE
                : bareCall == JsonObjectEnd.AHEAD || (thinks && CallReader.mayStartAt(pending, first, Marks.THINK));
        return (last || !undecided) && goTo(State.TEXT);
    }

    /** Where an object begins, in a code block or outside one; {@code AHEAD} or {@code NEVER} as for its end. */
    private int bareObject(int first) {
        if (first == pending.length() || CallReader.mayStartAt(pending, first, FENCE)) {
            return JsonObjectEnd.AHEAD;
        }
        boolean isFenced = CallReader.startsAt(pending, first, FENCE);
        int object = isFenced ? CallReader.skipSpace(pending, first + FENCE.length()) : first;
        if (object == pending.length()) {
            return JsonObjectEnd.AHEAD;
        }
        return pending.charAt(object) == '{' ? object : JsonObjectEnd.NEVER;
    }

    private boolean reason(boolean last) {
        if (!reasoningSeen && space.isEmpty()) {
            pending.delete(0, lineFeeds());
        }
        int end = pending.indexOf(Marks.THINK_END);
        if (end >= 0) {
            tellReasoning(end);
            pending.delete(0, Marks.THINK_END.length());
            space.setLength(0);
            return goTo(State.REASONED);
        }
        tellReasoning(last ? pending.length() : undecidedFrom(List.of(Marks.THINK_END)));
        return false;
    }

    private void tellReasoning(int end) {
        String text = spaced(end);
        if (!text.isEmpty()) {
            reasoningSeen = true;
            events.add(new ChatEvent.Reasoning(text));
        }
    }

    private boolean passLineFeeds() {
        pending.delete(0, lineFeeds());
        return !pending.isEmpty() && goTo(State.START);
    }

    private int lineFeeds() {
        int count = 0;
        while (count < pending.length() && (pending.charAt(count) == '\n' || pending.charAt(count) == '\r')) {
            count++;
        }
        return count;
    }

    private boolean text(boolean last) {
        int found = -1;
        for (String candidate : dialect.openings()) {
            int at = pending.indexOf(candidate);
            if (at >= 0 && (found < 0 || at < found)) {
                found = at;
                opening = candidate;
            }
        }
        if (found >= 0) {
            tellContent(found);
            pending.delete(0, opening.length());
            return switch (opening) {
                case Marks.SECTION, Marks.SECTION_END -> true;
                default -> beginCall(opening, reader(opening));
            };
        }
        tellContent(last ? pending.length() : undecidedFrom(dialect.openings()));
        if (last && callCount == 0 && !space.isEmpty()) {
            events.add(new ChatEvent.Content(space.toString()));
            space.setLength(0);
        }
        return false;
    }

    private CallReader reader(String mark) {
        return switch (dialect) {
            case XML -> new XmlCallReader(tools, mark.equals(Marks.FUNCTION));
            case KIMI -> new SectionCallReader();
            case NONE, HERMES, LLAMA -> new JsonCallReader(null);
        };
    }

    private boolean beginCall(String mark, CallReader callReader) {
        opening = mark;
        reader = callReader;
        return goTo(State.CALL);
    }

    private boolean call(boolean last) {
        if (reader == null) {
            throw new IllegalStateException("no call has begun");
        }
        return switch (reader.read(pending, last)) {
            case Unfinished() -> false;
            case NoCall() -> {
                pending.insert(0, opening);
                // What was taken for a mark is text; only what comes after it may be one.
                tellContent(opening.isEmpty() ? 1 : opening.length());
                yield goTo(State.TEXT);
            }
            case Call call -> {
                pending.delete(0, call.length());
                space.setLength(0);
                String id = call.id().isEmpty() ? ids.get() : call.id();
                events.add(new ChatEvent.ToolCall(callCount++, id, call.name(), call.arguments()));
                yield goTo(State.CALLED);
            }
        };
    }

    private boolean passClosing(boolean last) {
        boolean isFenced = opening.startsWith(FENCE);
        String closing = isFenced ? FENCE_END : dialect.closing;
        int first = CallReader.skipSpace(pending, 0);
        if (!closing.isEmpty() && CallReader.startsAt(pending, first, closing)) {
            pending.delete(0, first + closing.length());
        } else if (!last && CallReader.mayStartAt(pending, first, closing)) {
            return false;
        }
        return goTo(opening.isEmpty() || isFenced ? State.START : State.TEXT);
    }

    private boolean goTo(State next) {
        state = next;
        return true;
    }

    /** Where the end of what has come may be the beginning of a mark. */
    private int undecidedFrom(List<String> marks) {
        int from = pending.length();
        for (String mark : marks) {
            for (int start = Math.max(0, pending.length() - mark.length() + 1); start < from; start++) {
                if (CallReader.mayStartAt(pending, start, mark)) {
                    from = start;
                }
            }
        }
        return from;
    }

    private void tellContent(int end) {
        String text = dialect == ToolDialect.NONE ? taken(end) : spaced(end);
        if (!text.isEmpty()) {
            events.add(new ChatEvent.Content(text));
        }
    }

    /** Takes characters off what has come, with the white space before them and without that at their end. */
    private String spaced(int end) {
        int words = end;
        while (words > 0 && Character.isWhitespace(pending.charAt(words - 1))) {
            words--;
        }
        String text = "";
        if (words > 0) {
            text = space + pending.substring(0, words);
            space.setLength(0);
        }
        space.append(pending, words, end);
        pending.delete(0, end);
        return text;
    }

    private String taken(int end) {
        String text = pending.substring(0, end);
        pending.delete(0, end);
        return text;
    }

    private void moveToSpace(int end) {
        space.append(pending, 0, end);
        pending.delete(0, end);
    }
}
