/** The arithmetic of a forward pass: a scalar reference beside the Vector API kernels, over all cores. */
@NullMarked
package dev.guildhall.engine.kernel;

import org.jspecify.annotations.NullMarked;
