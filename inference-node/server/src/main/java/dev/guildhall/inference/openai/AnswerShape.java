package dev.guildhall.inference.openai;

import dev.guildhall.engine.generation.GenerationResult;
import dev.guildhall.engine.generation.TokenLogprobs;
import java.util.List;

/** How the answers to one request look on the wire. Serves one thread. */
interface AnswerShape {

    /** All of them at once. */
    Object whole(List<GenerationResult> results);

    /** The events that begin a stream. */
    List<Object> first();

    /** The events for more of an answer. */
    List<Object> more(int choice, String text, List<TokenLogprobs> logprobs);

    /** The events that end an answer. */
    List<Object> last(int choice, GenerationResult result, List<TokenLogprobs> logprobs);

    /** The event that ends the stream, where it was asked for. */
    Object usage(List<GenerationResult> results);
}
