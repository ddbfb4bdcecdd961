/** Decides which caller is let in, with the token that this service shows to others. */
@NullMarked
package dev.guildhall.indexer.access;

import org.jspecify.annotations.NullMarked;
