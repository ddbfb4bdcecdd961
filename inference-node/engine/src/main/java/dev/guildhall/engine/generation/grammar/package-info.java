/** Which tokens may come next so that an answer stays within a JSON schema. */
@NullMarked
package dev.guildhall.engine.generation.grammar;

import org.jspecify.annotations.NullMarked;
