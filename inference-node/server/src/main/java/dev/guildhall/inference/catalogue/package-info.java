/** Model files: which there are, where they come from, and whether a file is what it says it is. */
@NullMarked
package dev.guildhall.inference.catalogue;

import org.jspecify.annotations.NullMarked;
