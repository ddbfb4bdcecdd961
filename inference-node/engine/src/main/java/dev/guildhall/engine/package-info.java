/** A language-model engine as a plain Java library: formats, tokenizer, decoder, cache, generation. */
@NullMarked
package dev.guildhall.engine;

import org.jspecify.annotations.NullMarked;
