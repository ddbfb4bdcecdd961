/** Answers out of a model: sampling, and many requests taking turns on one decoder. */
@NullMarked
package dev.guildhall.engine.generation;

import org.jspecify.annotations.NullMarked;
