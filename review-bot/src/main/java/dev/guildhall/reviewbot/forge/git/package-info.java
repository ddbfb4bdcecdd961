/** Reads pull requests from plain git repositories by a mirror of its own. */
@NullMarked
package dev.guildhall.reviewbot.forge.git;

import org.jspecify.annotations.NullMarked;
