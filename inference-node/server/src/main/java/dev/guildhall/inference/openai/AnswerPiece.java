package dev.guildhall.inference.openai;

import dev.guildhall.engine.generation.TokenLogprobs;

/** What the engine tells about one of the answers to a request. */
sealed interface AnswerPiece {

    /** Which of the answers. */
    int choice();

    /** How likely a token was that has come; the text that it completes follows. */
    record Token(int choice, TokenLogprobs logprobs) implements AnswerPiece {}

    /** More text. */
    record Text(int choice, String text) implements AnswerPiece {}

    /** Nothing more comes. */
    record Done(int choice) implements AnswerPiece {}
}
