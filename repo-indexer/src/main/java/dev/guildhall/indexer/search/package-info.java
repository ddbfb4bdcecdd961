/** Answers searches and a reviewer's questions from the index. */
@NullMarked
package dev.guildhall.indexer.search;

import org.jspecify.annotations.NullMarked;
