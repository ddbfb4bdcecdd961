/** What is reviewed: the repository's own rules, and the files that no reviewer has to read. */
@NullMarked
package dev.guildhall.reviewbot.policy;

import org.jspecify.annotations.NullMarked;
