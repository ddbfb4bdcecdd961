/** Errors as OpenAI's clients expect them, each with a stable code. */
@NullMarked
package dev.guildhall.inference.problem;

import org.jspecify.annotations.NullMarked;
