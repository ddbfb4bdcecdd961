/** Reports leaked secrets on added lines. */
@NullMarked
package dev.guildhall.reviewbot.reviewer.secrets;

import org.jspecify.annotations.NullMarked;
