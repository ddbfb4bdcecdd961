/** Which tokens may come next so that an answer keeps the form that was asked for. */
@NullMarked
package dev.guildhall.engine.generation.grammar;

import org.jspecify.annotations.NullMarked;
