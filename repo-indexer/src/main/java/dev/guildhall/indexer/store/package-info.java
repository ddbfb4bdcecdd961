/** Holds the index in PostgreSQL: which branch holds which file, the pieces of each file, their words and vectors. */
@NullMarked
package dev.guildhall.indexer.store;

import org.jspecify.annotations.NullMarked;
