/** Serves the engine's models over an OpenAI-compatible API. */
@NullMarked
package dev.guildhall.inference;

import org.jspecify.annotations.NullMarked;
