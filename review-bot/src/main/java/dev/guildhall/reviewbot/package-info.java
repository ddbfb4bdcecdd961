/** Reviews pull requests. */
@NullMarked
package dev.guildhall.reviewbot;

import org.jspecify.annotations.NullMarked;
