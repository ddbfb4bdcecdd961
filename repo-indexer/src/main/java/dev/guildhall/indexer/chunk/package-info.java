/** Cuts files into pieces that make sense alone: by syntax where a grammar is known, else by headings, paragraphs or lines. */
@NullMarked
package dev.guildhall.indexer.chunk;

import org.jspecify.annotations.NullMarked;
