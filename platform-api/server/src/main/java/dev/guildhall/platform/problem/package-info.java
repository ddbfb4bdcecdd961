/** What callers are told when something does not work: stable codes, in one form. */
@NullMarked
package dev.guildhall.platform.problem;

import org.jspecify.annotations.NullMarked;
