/** Turns git repositories into a searchable index of code. */
@NullMarked
package dev.guildhall.indexer;

import org.jspecify.annotations.NullMarked;
