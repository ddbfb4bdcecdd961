/** Weights as they lie in a file: name, shape, and how numbers are packed into bytes. */
@NullMarked
package dev.guildhall.engine.tensor;

import org.jspecify.annotations.NullMarked;
