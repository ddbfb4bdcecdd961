/** Measures the engine on this machine. */
@NullMarked
package dev.guildhall.engine.benchmark;

import org.jspecify.annotations.NullMarked;
