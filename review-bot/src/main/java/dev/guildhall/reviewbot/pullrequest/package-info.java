/** The change under review as plain values: files, hunks and lines. */
@NullMarked
package dev.guildhall.reviewbot.pullrequest;

import org.jspecify.annotations.NullMarked;
