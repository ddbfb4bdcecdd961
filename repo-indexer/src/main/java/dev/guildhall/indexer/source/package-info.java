/** Mirrors git repositories of which nothing is trusted, then lists and reads their text files. */
@NullMarked
package dev.guildhall.indexer.source;

import org.jspecify.annotations.NullMarked;
