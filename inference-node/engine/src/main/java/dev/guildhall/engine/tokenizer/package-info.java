/** Text to tokens and back, by the vocabulary and the chat template that a model file carries. */
@NullMarked
package dev.guildhall.engine.tokenizer;

import org.jspecify.annotations.NullMarked;
