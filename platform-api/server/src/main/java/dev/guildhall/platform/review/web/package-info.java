/** Reviews over REST and as live streams. */
@NullMarked
package dev.guildhall.platform.review.web;

import org.jspecify.annotations.NullMarked;
