/** Code search for people and tools, over the repositories that they may see. */
@NullMarked
package dev.guildhall.platform.search;

import org.jspecify.annotations.NullMarked;
