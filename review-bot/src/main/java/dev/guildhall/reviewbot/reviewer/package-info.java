/** Says what is wrong with a change: the reviewers' port and what becomes of their findings. */
@NullMarked
package dev.guildhall.reviewbot.reviewer;

import org.jspecify.annotations.NullMarked;
