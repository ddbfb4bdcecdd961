package dev.guildhall.engine.chat;

/** A part of an answer. Neighbouring texts of one kind belong together. */
public sealed interface ChatEvent {

    /** More of what the model thinks before it answers. */
    record Reasoning(String text) implements ChatEvent {}

    /** More of the answer itself. */
    record Content(String text) implements ChatEvent {}

    /**
     * A call, told when it is whole.
     *
     * @param index of the call in this answer, from 0
     * @param arguments a JSON object
     */
    record ToolCall(int index, String id, String name, String arguments) implements ChatEvent {}
}
